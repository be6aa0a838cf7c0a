"""The made-up people of the demo: names that say so, and whole stories as answers to the shipped questionnaire.

Words in two languages stand as (English, Spanish). What is done with them is in `demo`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIRST_NAMES = {
    "en": (
        "Alice",
        "Ben",
        "Carla",
        "Derek",
        "Edith",
        "Frank",
        "Grace",
        "Henry",
        "Irene",
        "Joel",
        "Keisha",
        "Liam",
        "Mona",
        "Nate",
    ),
    "es": ("Aurora", "Benito", "Camila", "Dolores", "Ernesto", "Fátima", "Gerardo", "Inés", "Joaquín", "Luz"),
}
SURNAMES = {
    "en": ("Sample", "Example", "Placeholder", "Testwell", "Fictson", "Mockridge", "Standin", "Dummond"),
    "es": ("Ejemplo", "Muestra", "Prueba", "Ficticio de León", "Supuesto", "Inventado"),
}  # fmt: skip
HELPERS = {
    "en": ("My daughter", "A neighbor", "My husband", "A nurse"),
    "es": ("Mi hija", "Un vecino", "Mi esposo"),
}

# Two numbers that go together; half of all people have no reading of today.
READING = ("bp_systolic", "bp_diastolic")
# What most people answer; a story says what differs.
PLAIN: Mapping[str, Any] = {
    "emergency_now": ["none"],
    "pain_kinds": ["other"],
    "pain_duration": "from_1_to_5_years",
    "pain_average": 6,
    "pain_enjoyment": 6,
    "pain_activity": 5,
    "pain_steady": "steady",
    "pain_flares": "no",
    "pain_area": "several_places",
    "light_touch": "no",
    "nsaids_result": "helped_some",
    "opioids_result": "not_tried",
    "physical_therapy_result": "helped_some",
    "other_treatment_result": "not_tried",
    "opioids_now": "no",
    "heart_conditions": ["none"],
    "bp_systolic": 124,
    "bp_diastolic": 78,
    "bp_older": "normal",
    "heart_event_recent": "no",
    "brain_and_vessels": ["none"],
    "head_conditions": ["none"],
    "other_conditions": ["none"],
    "bladder_now": ["none"],
    "bladder_past": ["none"],
    "phq_interest": "several_days",
    "phq_mood": "not_at_all",
    "self_harm_thoughts": "no",
    "depression": "never",
    "anxiety": "never",
    "mental_conditions": ["none"],
    "unreal_experiences": "no",
    "unreal_worry": "some",
    "memory_trouble": "no",
    "ketamine_history": "never",
    "yellow_signs": "no",
    "substance_problem": "never",
    "alcohol": "never",
    "ketamine_unprescribed": "never",
    "medicine_classes": ["anti_inflammatory"],
    "medicine_cautions": ["none"],
    "stomach_upset": "no",
    "form_problems": ["none"],
    "place_preference": "either",
    "pregnancy": "not_applicable",
    "matters_most": "function",
    "relief_speed": "weeks",
    "relief_length": "months",
}


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of patient. `skips` and `unsure`: how often an answer is left out or "not sure".

    `words`: own words by item; `is_urgent`: it raises something urgent, so half of these are new and wait for a note.
    """

    name: str
    ages: tuple[int, int]
    answers: Mapping[str, Any]
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    weight: int = 2
    is_urgent: bool = False
    skips: float = 0.03
    unsure: float = 0.02


STORIES = (
    Story(
        "back pain, nothing special",
        (30, 70),
        {"nsaids_result": "helped"},
        {"hopes_text": ("I read about this and want to know more.", "Leí sobre esto y quiero saber más.")},
        weight=3,
    ),
    Story(
        "CRPS after a broken wrist",
        (25, 60),
        {
            "pain_kinds": ["crps"], "pain_average": 8, "pain_enjoyment": 8, "pain_activity": 9, "pain_flares": "yes",
            "pain_area": "one_spot", "light_touch": "yes", "nsaids_result": "failed", "opioids_result": "stopped_side_effects",
            "physical_therapy_result": "failed", "relief_speed": "days", "form_problems": ["needles"],
        },
        {"other_treatment_text": ("Mirror therapy, gabapentin, a nerve block.", "Terapia de espejo, gabapentina, un bloqueo.")},
        weight=3,
    ),
    Story(
        "nerve pain from diabetes, pressure well kept",
        (48, 78),
        {
            "pain_kinds": ["diabetic_nerve"], "pain_area": "several_places", "heart_conditions": ["hypertension"],
            "bp_control": "good", "bp_systolic": 128, "bp_diastolic": 78,
            "medicine_classes": ["antidepressant", "blood_pressure_or_heart", "other_medicine"], "nsaids_result": "failed",
        },
        {"medicines_text": ("Metformin, lisinopril, duloxetine, vitamin D.", "Metformina, lisinopril, duloxetina, vitamina D.")},
        weight=3,
    ),
    Story(
        "angina and pressure often too high",
        (52, 80),
        {
            "heart_conditions": ["hypertension", "angina"], "bp_control": "poor", "heart_control": "poor",
            "bp_systolic": 158, "bp_diastolic": 94,
            "pain_kinds": ["other_nerve"], "medicine_classes": ["blood_pressure_or_heart", "anti_inflammatory"],
            "matters_most": "comfort", "relief_speed": "minutes_to_hours",
        },
        {"medicines_text": ("Amlodipine, aspirin, nitro when needed.", "Amlodipino, aspirina, nitroglicerina si hace falta.")},
    ),
    Story(
        "fibromyalgia and low mood, wants fewer opioids",
        (28, 65),
        {
            "pain_kinds": ["fibromyalgia"], "pain_area": "widespread", "opioids_result": "helped_some", "opioids_now": "yes",
            "opioid_concerns": ["wants_less", "works_less"], "phq_interest": "more_than_half", "phq_mood": "more_than_half",
            "depression": "now_treated", "anxiety": "now_untreated", "matters_most": "fewer_opioids", "unreal_worry": "a_lot",
            "medicine_classes": ["antidepressant", "opioid_or_strong_pain", "sleep_or_calming"],
        },
        {
            "medicines_text": ("Tramadol, sertraline, zolpidem at night.", "Tramadol, sertralina, zolpidem por la noche."),
            "hopes_text": ("I am afraid of feeling unreal.", "Me da miedo sentirme fuera de la realidad."),
        },
        weight=3,
    ),
    Story(
        "chronic migraine, may be pregnant",
        (21, 41),
        {
            "pain_kinds": ["chronic_migraine"], "pain_steady": "comes_and_goes", "pain_flares": "yes", "pregnancy": "may_be",
            "stomach_upset": "yes", "relief_speed": "minutes_to_hours", "relief_length": "hours", "place_preference": "home",
        },
        weight=1,
    ),
    Story(
        "cancer pain, hard to swallow",
        (45, 82),
        {
            "pain_kinds": ["cancer", "serious_illness"], "pain_average": 7, "opioids_result": "helped_some", "opioids_now": "yes",
            "opioid_concerns": ["side_effects"], "form_problems": ["swallowing", "veins"], "stomach_upset": "yes",
            "medicine_classes": ["opioid_or_strong_pain"], "matters_most": "quality_of_life", "place_preference": "home",
        },
        {"medicines_text": ("Morphine, something for nausea.", "Morfina y algo para las náuseas.")},
    ),
    Story(
        "bladder trouble after long ketamine use",
        (20, 45),
        {
            "bladder_now": ["pain", "urgency", "frequency", "blood"], "bladder_past": ["cystitis"],
            "ketamine_history": "long_or_frequent", "ketamine_routes": ["nasal"], "ketamine_unprescribed": "now",
            "ketamine_help": "yes", "substance_problem": "now",
        },
        {"ketamine_experience": ("Most weekends for two years.", "Casi todos los fines de semana por dos años.")},
        weight=2, is_urgent=True,
    ),
    Story(
        "thoughts of ending life",
        (19, 60),
        {
            "phq_interest": "nearly_every_day", "phq_mood": "nearly_every_day", "self_harm_thoughts": "maybe",
            "depression": "now_untreated", "pain_average": 9, "pain_enjoyment": 10, "pain_activity": 9,
        },
        weight=2, is_urgent=True,
    ),
    Story(
        "pressure in the chest right now",
        (50, 79),
        {"emergency_now": ["heart_attack_signs"], "heart_conditions": ["heart_attack", "hypertension"], "bp_control": "untreated",
         "heart_control": "untreated", "heart_event_recent": "yes"},
        weight=2, is_urgent=True,
    ),
    Story(
        "past drinking, memory trouble",
        (55, 85),
        {
            "substance_problem": "past", "memory_trouble": "yes", "ketamine_history": "repeated", "ketamine_routes": ["iv"],
            "pain_kinds": ["other_nerve"], "unreal_experiences": "yes", "heart_conditions": ["fast_or_irregular"],
            "heart_control": "good", "alcohol": "never",
        },
        {"ketamine_experience": ("Six drips last year. It wore off.", "Seis sueros el año pasado. Se pasó el efecto.")},
    ),
    Story(
        "sleep apnea, opioid and calming pills together",
        (40, 74),
        {
            "pain_kinds": ["other_nerve"], "other_conditions": ["sleep_apnea", "lung_disease"], "opioids_result": "helped_some",
            "opioids_now": "yes", "opioid_concerns": ["none"], "alcohol": "most_weeks",
            "medicine_classes": ["opioid_or_strong_pain", "benzodiazepine", "gabapentin_like"],
        },
        {"medicines_text": ("Hydrocodone, Xanax at night, Lyrica.", "Hidrocodona, Xanax por la noche, Lyrica.")},
    ),
    Story("answered almost nothing", (20, 80), {}, skips=0.75),
    Story(
        "not sure of much",
        (60, 90),
        {"heart_conditions": ["hypertension", "not_sure"], "bladder_past": "not_sure"},
        skips=0.1,
        unsure=0.35,
    ),
    Story(
        "answers that do not fit together",
        (35, 70),
        {
            "heart_conditions": ["none"], "bp_systolic": 176, "bp_diastolic": 104, "medicine_classes": ["blood_pressure_or_heart",
            "opioid_or_strong_pain"], "opioids_now": "no", "opioid_concerns": ["wants_less"], "ketamine_history": "never",
            "ketamine_unprescribed": "past", "pain_average": 0, "pain_activity": 10,
        },
        {"medicines_text": ("Losartan. Oxycodone from my cousin.", "Losartán. Oxicodona de mi primo.")},
    ),
)  # fmt: skip

# What staff write: by the topic it is about; the first raised topic that stands here is taken, else "".
URGENT_NOTES = {
    "emergency": (
        "No answer twice. The third call reached the patient: they had called 911 and are home again.",
        "Called at once. A relative answered; the ambulance had come. Will call again tomorrow.",
    ),
    "mood": (
        "Called at once and stayed on the line. Not alone tonight; has spoken with 988. Visit tomorrow at 9.",
        "Spoke with the patient. No plan to act on it, sister is with them. Went through the numbers once more.",
    ),
    "bladder": (
        "Spoke with the patient, who sees the family doctor today. No fever, no clots.",
        "Reached the patient in the evening. Urgent care took a sample; result tomorrow.",
    ),
    "": ("Spoke with the patient, who had read the page and knows whom to call.",),
}
QUESTIONS = {
    "cardiovascular": ("Asked for the latest blood pressure reading and when it was taken.",),
    "opioids": ("Asked which medicines exactly, and at what dose, with the bottles at hand.",),
    "": (
        "Several questions were left open. Went through them by phone and asked the patient to think about the rest.",
        "Asked which medicines exactly, and at what dose, with the bottles at hand.",
    ),
}
NOTES = (
    "Prefers afternoons.",
    "Interpreter offered for the visit.",
    "Asked for the summary on paper; sent.",
    "Records requested from the family doctor.",
)
ASSESSMENTS = {
    "emergency": ("Emergency first, all else later. Records of the admission requested. Visit once the heart doctor has seen them.",),
    "mood": ("Safety plan in place and known at the desk. Mood comes first; talk about pain at the second visit.",),
    "bladder": ("Bladder complaints first: urine test and referral. The rest can wait.",),
    "cardiovascular": ("Blood pressure to be taken at the visit before anything else. Ask the heart doctor for the last letter.",),
    "pregnancy": ("Test at the visit. The article is silent on pregnancy and the label is not; talk about other ways.",),
    "misuse": ("Past use needs its own conversation, without haste. No plan until then. Continue physical therapy.",),
    "opioids": ("Wants less of the opioid: no change before the prescriber and I have spoken. Medicine list to be checked.",),
    "": (
        "Nothing here settles the question by itself. Visit of 40 minutes; bring the medicine list.",
        "Read all findings. Talk about expectations: the proof outside CRPS is weak. Ask about sleep and work.",
    ),
}  # fmt: skip
