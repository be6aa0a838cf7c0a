"""The words of a return code: drawn from a list, and read again however they were typed.

The lists are those of BIP39, from the package `mnemonic`: in each language no two words begin with the same four letters, so the
first four letters of each word are the code, and a slip after them does no harm. Left out is what is too short to hear, and what
may hurt or frighten someone who is ill, could be taken for an answer, or speaks of codes.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache

from mnemonic import Mnemonic

WORDS = 5  # of more than 1024 each: more than 50 bits
TELLING = 4  # the letters of a word that count
LONGEST = 200  # characters of what someone typed that are looked at
_LISTS = {"en": "english", "es": "spanish"}
_LEFT_OUT = {
    "en": """
        abandon absent absorb absurd abuse accident accuse addict affair afraid again agent alarm alcohol alert alien
        alone already anger angry answer anxiety apology argue armed armor army arrest arrow assault asthma attack
        avoid awful awkward baby battle betray bitter blade blame blast bleak blind blood blur body boil bomb bone
        boring boss bottom brain broken bullet bunker burden burst cage cancel cannon capital captain casino catch
        caught cause caution chaos chronic cigar cliff clinic clown code confirm convince crack crash crawl crazy
        crime critic cross crowd crucial cruel crumble crush damage danger dawn debris decade decide decline defense
        defy delay demand demise denial dentist deny depart depend despair destroy devote diesel differ dirt disagree
        disease dismiss disorder divert divorce dizzy doctor dose double dragon drama drastic drift drink drip drop
        dumb dust dwarf embark empty enemy enforce erase erode erosion error escape evil exclude excuse execute
        exhaust exile exist exit expect expire expose eyebrow face fade faint fall false fatal fatigue fault female
        fence fever fiber fire first fiscal flee foam force forget fossil fragile frozen fury gasp ghost gloom goddess
        grief grit grunt guilt half harsh hazard head health heart heavy hidden hollow horror hospital host hungry
        hunt hurdle hurry hurt ignore illegal illness immune impact impose impulse infant inflict inhale inject injury
        inmate innocent insane insect invest isolate jealous judge junk kick kidney kingdom knife lava lawsuit lazy
        leave lecture legal lend letter liar liberty limb liquid lonely loud lunar mask mean medal mercy midnight
        minor misery miss mistake monitor monster mosquito muscle mutual mystery myth naive nasty negative neglect
        neither nerve never nothing nuclear number nurse obey object oblige obscure oppose organ orphan oxygen panic
        patient penalty people pepper physical pill pistol plunge police poverty powder predict prison private problem
        provide punch question quit rather razor rebel recall regret reject relief remain remind remove repair rescue
        resist retire retreat return rifle riot risk rough rude sadness satoshi scare scatter school scorpion scrap
        screen scrub seek senior sentence settle shaft shed sheriff shiver shock shoot shove shrimp shrug sick siege
        silent siren skull slab slam sleep slender slice slight slogan slow slush smoke snake sniff soldier solid
        someone sorry soul spider spike spin split spoil spot spray squeeze stay steel step stick sting stomach stone
        strike strong struggle stuff stumble subject submit sudden suffer sure surge survey suspect sustain swamp
        swarm swear sword symptom tackle tattoo tenant test thumb thunder tired tissue tobacco tongue tornado toss
        trade traffic tragic trap trash treat trial tribe trick trigger trouble truck trust truth tumble turn twist
        ugly unable unaware uncover undo unfair unhappy unknown unusual upset urge useless vacant vacuum vague vanish
        very veteran vicious virus vital void volcano vote wage wait want warfare warrior waste weapon weasel weird
        whip whisper witness wolf word worry worth wrap wreck wrestle wrist write wrong zero
    """,
    "es": """
        abdomen aborto abuso acabar acné acoso activo acudir acusar adicto afectar agitar agonía agotar aguja ahogo
        aislar ajeno alarma alejar alerta alma altar altivo amargo amparo anciano anemia antojo apagar apuro arder
        arruga asalto asistir asno asunto ataque atraer atroz ausente azar azote bajar basura batalla batir bestia
        bicho blanco bobo boda bomba borrar bozal bruja brusco bruto bulto burla burro cabeza cadáver caer caída calvo
        cáncer cañón capaz capitán cárcel carga carne caspa catorce célula ceniza cerdo cerrar chacal choque chupar
        ciego clamor clínica cochino código coger cojo collar colmo combate corazón cráneo cráter crimen cripta crisis
        crudo cruz culebra culpa culto curar dardo deber débil decir defensa delgado delito demora dental derrota
        desnudo destino desvío deuda diablo diente difícil dilema dolor dormir dosis droga ducha duda duelo dureza
        duro ebrio echar eficaz embudo empeño enano enemigo enfado enfermo engaño enredo envase espada espía esposa
        estufa evadir evitar exceso excusa exigir exilio extremo falda fallo falso faltar faraón farsa fatiga fiar
        fiebre fiera fingir flaco fobia forzar fosa fracaso frágil fraude freno furia fusil gastar gemir germen
        gigante golpe gordo gota grave grieta gripe gris grito grosor grueso guerra gusano hacha hembra herir hígado
        hocico hoguera hostil hueco huelga hueso huida huir humilde hundir huracán hurto ilegal impulso incapaz inerte
        infiel inútil jeringa joroba juez juicio jurar juzgar lacra ladrón lágrima lástima leer lento lesión letal
        letra llaga llanto llorar lobo loco locura lucha mafia maldad malo manco matar matiz medalla medio médula
        miedo miope misa miseria misil mochila momia morder moreno morir morsa mortal mosca mozo muela muerte mugre
        multa náusea necio negar negro nervio nicho nudo nulo número obeso ocaso odiar odio ofensa ogro olvido orgía
        oscuro óvulo oxígeno palabra pánico parar parir paro pecado pecho pegar pelea peligro pellejo pelo pena perder
        pereza pésimo pezuña piojo pisar pleito pobre policía polvo pregunta preso prisión privar probar pulga pulmón
        puñal pupa queja quemar rabia rapto razón recaer rechazo regreso rehén rencor rendir reptil rescate rezar
        riesgo rigor riñón roer romper ronco rudo ruido ruina ruptura rutina salud sanción sangre sanidad sano satán
        seco secta sequía severo sexo sexto soledad sordo sótano sudor sufrir sujeto susto tabaco tabú talar temor
        tenso terapia terco terror testigo tieso tirón tonto tormenta torpedo toser tóxico trago trance trauma triste
        tuerto tumba tumor úlcera untar urgente urna vacío vacuna vago vampiro vejez vena vencer venda veneno vengar
        vicio víctima viejo viral virgo viudo voraz vulgar yacer zanja
    """,
}


def draw_words(language: str, *, choose: Callable[[Sequence[str]], str] = secrets.choice) -> list[str]:
    """New words in this language, English where there is no list; as many as a code has.

    Only such as are read in one way alone when somebody writes them without spaces.
    """
    offered = word_list(language if language in _LISTS else "en")
    while True:
        words = [choose(offered) for _ in range(WORDS)]
        if _readings("".join(map(fold, words))) == {code_of(words)}:
            return words


def code_of(words: Sequence[str]) -> str:
    """What counts of these words.

    >>> code_of(["Ábaco", "gato", "río", "tortuga", "Violín"])
    'abac gato rio tort viol'
    """
    return " ".join(fold(word)[:TELLING] for word in words)


def read_code(typed: str) -> str:
    """The code in what someone typed, in either language, in any case, with accents or without, joined, spaced or with hyphens.

    What cannot be one comes back as something that is no code either, and differs where it was typed differently.

    >>> read_code(" ABACO-gato rio, tortugas violin")
    'abac gato rio tort viol'
    """
    folded = fold(typed[:LONGEST])
    parts = "".join(letter if letter.isalpha() else " " for letter in folded).split()
    if len(parts) == WORDS:
        return code_of(parts)
    readings = _readings("".join(parts))
    return readings.pop() if len(readings) == 1 else f"? {folded}"


def fold(text: str) -> str:
    """Small letters without accents.

    >>> fold("Ñandú")
    'nandu'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words that codes are drawn from."""
    left_out = set(map(fold, _LEFT_OUT[language].split()))
    words = (unicodedata.normalize("NFC", word) for word in Mnemonic(_LISTS[language]).wordlist)
    return tuple(word for word in words if len(word) >= TELLING and fold(word) not in left_out)


@cache
def _folded_words(language: str) -> frozenset[str]:
    return frozenset(map(fold, word_list(language)))


def _readings(letters: str) -> set[str]:
    """Every code that letters without a space can be, in either language."""
    found: set[str] = set()
    for language in _LISTS:
        found |= {code_of(words) for words in _split(letters, _folded_words(language), WORDS)}
    return found


def _split(letters: str, known: frozenset[str], count: int) -> list[list[str]]:
    """Every way to write these letters as so many known words."""
    if count == 0:
        return [] if letters else [[]]
    ways = []
    for length in range(TELLING, min(8, len(letters)) + 1):
        if letters[:length] in known:
            ways += [[letters[:length], *rest] for rest in _split(letters[length:], known, count - 1)]
    return ways
