//! The crib stage: from as written to as meant, and back.

use std::path::PathBuf;

use super::Scenario;
use super::check::Check;
use super::meant::file;
use super::recipe::{CribLight, CribMake, CribRecipe, CribView, OwnFiles};
use super::resolve::path_text;
use super::written;

/// Checks the section.
pub(super) fn meant(crib: &written::Crib, check: &mut Check<'_>) -> CribRecipe {
    let at = "stage.crib";
    let s = &crib.scenarios;
    let m = &crib.makes;
    let l = &crib.light;
    let v = &crib.views;
    let scenarios = [
        (Scenario::SafeSupine, s.safe_supine),
        (Scenario::Side, s.side),
        (Scenario::Prone, s.prone),
        (Scenario::ProneFaceDown, s.prone_face_down),
        (Scenario::BlanketOverFace, s.blanket_over_face),
        (Scenario::HeadCovered, s.head_covered),
        (Scenario::SoftToyOnFace, s.soft_toy_on_face),
        (Scenario::WedgedBetweenMattressAndRail, s.wedged_between_mattress_and_rail),
        (Scenario::LimbThroughSlats, s.limb_through_slats),
        (Scenario::CordNearNeck, s.cord_near_neck),
        (Scenario::Rolling, s.rolling),
        (Scenario::SittingUp, s.sitting_up),
        (Scenario::PullingUp, s.pulling_up),
        (Scenario::PullingBlanket, s.pulling_blanket),
        (Scenario::Sitting, s.sitting),
        (Scenario::OnAllFours, s.on_all_fours),
        (Scenario::Standing, s.standing),
        (Scenario::ClimbingOut, s.climbing_out),
        (Scenario::CaregiverPresent, s.caregiver_present),
        (Scenario::PickedUp, s.picked_up),
        (Scenario::OtherInfant, s.other_infant),
        (Scenario::EmptyCrib, s.empty_crib),
    ];
    let scenarios = scenarios.map(|(scenario, weight)| (scenario, scenario.name(), weight));
    CribRecipe {
        scenarios: weights(&format!("{at}.scenarios"), &scenarios, check),
        age_months: check.dist("stage.crib.age_months", &crib.age_months),
        makes: weights(
            &format!("{at}.makes"),
            &[
                (CribMake::Slats, "slats", m.slats),
                (CribMake::Panels, "panels", m.panels),
                (CribMake::Travel, "travel", m.travel),
                (CribMake::Bassinet, "bassinet", m.bassinet),
            ],
            check,
        ),
        light: weights(
            &format!("{at}.light"),
            &[
                (CribLight::Daylight, "daylight", l.daylight),
                (CribLight::Lamplight, "lamplight", l.lamplight),
                (CribLight::NightLight, "night_light", l.night_light),
                (CribLight::NightVision, "night_vision", l.night_vision),
            ],
            check,
        ),
        views: weights(
            &format!("{at}.views"),
            &[
                (CribView::Overhead, "overhead", v.overhead),
                (CribView::Rail, "rail", v.rail),
                (CribView::Corner, "corner", v.corner),
                (CribView::Fisheye, "fisheye", v.fisheye),
                (CribView::Own, "own", v.own),
            ],
            check,
        ),
        blanket: check.dist("stage.crib.blanket", &crib.blanket),
        clutter: check.dist("stage.crib.clutter", &crib.clutter),
        pacifier: check.dist("stage.crib.pacifier", &crib.pacifier),
        mobile: check.dist("stage.crib.mobile", &crib.mobile),
        own: OwnFiles {
            infant: own(crib.own.infant.as_deref(), "infant", MODEL, check),
            infant_map: own(crib.own.infant_map.as_deref(), "infant_map", MAP, check),
            crib: own(crib.own.crib.as_deref(), "crib", MODEL, check),
            crib_map: own(crib.own.crib_map.as_deref(), "crib_map", MAP, check),
        },
    }
}

const MODEL: &[&str] = &["gltf", "glb"];
const MAP: &[&str] = &["json"];

/// A file of the user's own.
fn own(path: Option<&str>, key: &str, endings: &[&str], check: &mut Check<'_>) -> Option<PathBuf> {
    file(path, &format!("stage.crib.own.{key}"), endings, check)
}

/// Those that may be drawn; at least one must be left.
fn weights<T: Copy>(path: &str, all: &[(T, &str, f64)], check: &mut Check<'_>) -> Vec<(T, f64)> {
    let kept: Vec<(T, f64)> = all
        .iter()
        .map(|(one, name, weight)| (*one, check.number(&format!("{path}.{name}"), *weight)))
        .filter(|(_, weight)| *weight != 0.0)
        .collect();
    if kept.is_empty() {
        check.fault(path, "expected at least one weight above 0, found none");
    }
    kept
}

/// What must hold between fields.
pub(super) fn together(crib: &CribRecipe, check: &mut Check<'_>) {
    let oldest = crib.age_months.range().1;
    let impossible = |(scenario, _): &&(Scenario, f64)| oldest < f64::from(scenario.youngest_months());
    if let Some((scenario, _)) = crib.scenarios.iter().find(impossible) {
        let name = scenario.name();
        let age = scenario.youngest_months();
        let scenario_path = format!("stage.crib.scenarios.{name}");
        let what = format!(
            "expected infants of {age} months or more for the scenario `{name}`, found ages up to {oldest} months"
        );
        let path = check.blame(&["stage.crib.age_months", &scenario_path]).to_owned();
        check.fault(&path, what);
    }
    let slatted = crib.makes.iter().any(|(make, _)| make.has_slats());
    let through = crib.scenarios.iter().find(|(scenario, _)| scenario.needs_slats());
    if let (Some((scenario, _)), false) = (through, slatted) {
        let name = scenario.name();
        let what =
            format!("expected a make with slats (`slats`, `panels`) for the scenario `{name}`, found none");
        let path = format!("stage.crib.scenarios.{name}");
        let path = check.blame(&["stage.crib.makes", &path]).to_owned();
        check.fault(&path, what);
    }
    together_own(&crib.own, through.map(|(scenario, _)| *scenario), check);
    let only_bassinets =
        crib.own.crib.is_none() && crib.makes.iter().all(|(make, _)| *make == CribMake::Bassinet);
    let two = crib.scenarios.iter().any(|(scenario, _)| *scenario == Scenario::OtherInfant);
    if only_bassinets && two {
        let what = "expected another make than `bassinet`, which has no room for the scenario `other_infant`, found none";
        let paths = ["stage.crib.makes", "stage.crib.scenarios.other_infant"];
        check.fault(check.blame(&paths), what);
    }
    if only_bassinets && oldest >= BASSINET_MONTHS {
        let what = format!(
            "expected another make than `bassinet` for infants of {BASSINET_MONTHS} months or more, found ages up to \
             {oldest} months"
        );
        check.fault(check.blame(&["stage.crib.makes", "stage.crib.age_months"]), what);
    }
}

/// What must hold between models of the user's own, and what happens in them.
fn together_own(own: &OwnFiles, slatted: Option<Scenario>, check: &mut Check<'_>) {
    let (infant, crib) = ("stage.crib.own.infant", "stage.crib.own.crib");
    if own.infant.is_none() && own.infant_map.is_some() {
        check.fault(&format!("{infant}_map"), format!("expected {infant} beside it, found none"));
    }
    match (&own.crib, &own.crib_map) {
        (Some(_), None) => check.fault(
            crib,
            format!("expected {crib}_map beside it, a .json file with `inner_m`, `mattress_m` and `rail_m`, found none"),
        ),
        (None, Some(_)) => check.fault(&format!("{crib}_map"), format!("expected {crib} beside it, found none")),
        _ => {}
    }
    if let (Some(_), Some(scenario)) = (&own.crib, slatted) {
        let scenario = scenario.name();
        let what =
            format!("expected no crib of your own, whose slats are not known, for the scenario `{scenario}`");
        check.fault(crib, what);
    }
}

/// From this age on nobody is laid into a bassinet.
pub(super) const BASSINET_MONTHS: f64 = 6.0;

/// Back to the section that means this.
pub(super) fn written(crib: &CribRecipe) -> written::Crib {
    fn weight<T: PartialEq>(list: &[(T, f64)], of: &T) -> f64 {
        list.iter().filter(|(one, _)| one == of).map(|(_, weight)| weight).sum()
    }
    let s = |of: Scenario| weight(&crib.scenarios, &of);
    let m = |of: CribMake| weight(&crib.makes, &of);
    let l = |of: CribLight| weight(&crib.light, &of);
    let v = |of: CribView| weight(&crib.views, &of);
    written::Crib {
        scenarios: written::Scenarios {
            safe_supine: s(Scenario::SafeSupine),
            side: s(Scenario::Side),
            prone: s(Scenario::Prone),
            prone_face_down: s(Scenario::ProneFaceDown),
            blanket_over_face: s(Scenario::BlanketOverFace),
            head_covered: s(Scenario::HeadCovered),
            soft_toy_on_face: s(Scenario::SoftToyOnFace),
            wedged_between_mattress_and_rail: s(Scenario::WedgedBetweenMattressAndRail),
            limb_through_slats: s(Scenario::LimbThroughSlats),
            cord_near_neck: s(Scenario::CordNearNeck),
            sitting_up: s(Scenario::SittingUp),
            pulling_up: s(Scenario::PullingUp),
            pulling_blanket: s(Scenario::PullingBlanket),
            sitting: s(Scenario::Sitting),
            on_all_fours: s(Scenario::OnAllFours),
            rolling: s(Scenario::Rolling),
            standing: s(Scenario::Standing),
            climbing_out: s(Scenario::ClimbingOut),
            caregiver_present: s(Scenario::CaregiverPresent),
            picked_up: s(Scenario::PickedUp),
            other_infant: s(Scenario::OtherInfant),
            empty_crib: s(Scenario::EmptyCrib),
        },
        age_months: (&crib.age_months).into(),
        makes: written::Makes {
            slats: m(CribMake::Slats),
            panels: m(CribMake::Panels),
            travel: m(CribMake::Travel),
            bassinet: m(CribMake::Bassinet),
        },
        light: written::CribLight {
            daylight: l(CribLight::Daylight),
            lamplight: l(CribLight::Lamplight),
            night_light: l(CribLight::NightLight),
            night_vision: l(CribLight::NightVision),
        },
        views: written::Views {
            overhead: v(CribView::Overhead),
            rail: v(CribView::Rail),
            corner: v(CribView::Corner),
            fisheye: v(CribView::Fisheye),
            own: v(CribView::Own),
        },
        blanket: (&crib.blanket).into(),
        clutter: (&crib.clutter).into(),
        pacifier: (&crib.pacifier).into(),
        mobile: (&crib.mobile).into(),
        own: written::Own {
            infant: path_text(crib.own.infant.as_deref()),
            infant_map: path_text(crib.own.infant_map.as_deref()),
            crib: path_text(crib.own.crib.as_deref()),
            crib_map: path_text(crib.own.crib_map.as_deref()),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Recipe, Scenario, Stage};

    fn error(crib: &str) -> String {
        let text = format!(r#"{{"stage": {{"crib": {crib}}}}}"#);
        Recipe::parse(&text, "mine.json", &[]).expect_err("it is wrong").to_string()
    }

    #[test]
    fn scenarios_that_cannot_be_are_one_clear_mistake_each() {
        let young = error(r#"{"age_months": 3, "scenarios": {"standing": 1}}"#);
        assert!(young.contains("stage.crib.age_months: expected infants of 7.5 months or more"), "{young}");
        let none = error(r#"{"scenarios": {}}"#);
        assert!(none.contains("stage.crib.scenarios: expected at least one weight above 0"), "{none}");
        let small = error(r#"{"makes": {"bassinet": 1}, "scenarios": {"prone": 1}}"#);
        assert!(small.contains("stage.crib.makes: expected another make than `bassinet`"), "{small}");
        let tight =
            error(r#"{"makes": {"travel": 1}, "scenarios": {"wedged_between_mattress_and_rail": 1}}"#);
        assert!(tight.contains("for the scenario `wedged_between_mattress_and_rail`, found none"), "{tight}");
        let full = error(r#"{"makes": {"bassinet": 1}, "age_months": 2, "scenarios": {"other_infant": 1}}"#);
        assert!(full.contains("no room for the scenario `other_infant`"), "{full}");
        let early = error(r#"{"age_months": 7, "scenarios": {"pulling_up": 1}}"#);
        assert!(early.contains("expected infants of 8 months or more"), "{early}");
        let clumsy = error(r#"{"age_months": 2, "scenarios": {"pulling_blanket": 1}}"#);
        assert!(clumsy.contains("expected infants of 3 months or more"), "{clumsy}");
        let unknown = error(r#"{"scenarios": {"stending": 1}}"#);
        assert!(unknown.contains("did you mean `standing`"), "{unknown}");
        let undressed = error(r#"{"nappy": false}"#);
        assert!(undressed.contains("unknown key"), "no key takes the nappy off: {undressed}");
    }

    #[test]
    fn models_of_ones_own_need_what_belongs_to_them() {
        let alone = error(r#"{"own": {"infant_map": "map.json"}}"#);
        assert!(
            alone.contains("stage.crib.own.infant_map: expected stage.crib.own.infant beside it"),
            "{alone}"
        );
        let unmeasured = error(r#"{"own": {"crib": "mine.glb"}}"#);
        assert!(unmeasured.contains("expected stage.crib.own.crib_map beside it"), "{unmeasured}");
        let slats = error(
            r#"{"own": {"crib": "mine.glb", "crib_map": "m.json"}, "scenarios": {"limb_through_slats": 1}}"#,
        );
        assert!(
            slats.contains("whose slats are not known, for the scenario `limb_through_slats`"),
            "{slats}"
        );
        let strange = error(r#"{"own": {"infant": "mine.fbx"}}"#);
        assert!(
            strange.contains("stage.crib.own.infant: expected the path of a .gltf or .glb file"),
            "{strange}"
        );
    }

    #[test]
    fn every_class_is_written_unless_some_are_named() {
        let read = |labels: &str| {
            let text = format!(r#"{{"stage": {{"crib": {{}}}}, "labels": {labels}}}"#);
            Recipe::parse(&text, "mine.json", &[]).expect("good")
        };
        let all = read("{}").labels;
        assert!(all.extra_classes.iter().any(|class| class == "infant"), "all");
        assert!(!all.extra_classes.iter().any(|class| class == "face"), "a face lies in an infant");
        assert_eq!(all.part_classes, ["infant", "head", "face"], "one lies in the next");
        assert_eq!(read(r#"{"extra_classes": ["face"]}"#).labels.extra_classes, ["face"], "some");
        assert_eq!(read(r#"{"extra_classes": ["face"]}"#).labels.part_classes, [""; 0], "what is named");
        let recipe = read("{}");
        assert_eq!(Recipe::from_resolved(&recipe.resolved()).expect("resolved"), recipe, "there and back");
        let Stage::Crib(crib) = &recipe.stage else { panic!("a crib") };
        assert!(
            crib.scenarios.iter().any(|(scenario, _)| *scenario == Scenario::ProneFaceDown),
            "the whole mix"
        );
    }
}
