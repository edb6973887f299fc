//! What happens in a crib.

/// What happens in a crib.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// On the back, face free, nothing loose near the head.
    SafeSupine,
    /// On the side.
    Side,
    /// On the front, head turned to a side.
    Prone,
    /// On the front, face into the mattress.
    ProneFaceDown,
    /// A blanket over the face.
    BlanketOverFace,
    /// A blanket over the whole head.
    HeadCovered,
    /// A soft toy on the face.
    SoftToyOnFace,
    /// Slipped into a gap between mattress and side.
    WedgedBetweenMattressAndRail,
    /// An arm or a leg out between two slats.
    LimbThroughSlats,
    /// A cord across the neck.
    CordNearNeck,
    /// Rolling over from the back to the stomach: in a film all of it, in a single picture an instant of it.
    Rolling,
    /// From the back up to sitting: in a film all of it, in a single picture an instant of it.
    SittingUp,
    /// From sitting up to standing at the rail: in a film all of it, in a single picture an instant of it.
    PullingUp,
    /// On the back, it grasps a blanket and pulls it up over its face.
    PullingBlanket,
    /// Sitting up.
    Sitting,
    /// On hands and knees.
    OnAllFours,
    /// Standing at the rail.
    Standing,
    /// A leg over the rail.
    ClimbingOut,
    /// An adult's arm reaches in over the rail.
    CaregiverPresent,
    /// An adult lifts it out of the crib with both hands.
    PickedUp,
    /// Two infants in one crib.
    OtherInfant,
    /// Nobody is in the crib.
    EmptyCrib,
}

impl Scenario {
    /// All, with their names in configs and labels.
    pub const ALL: [(Self, &'static str); 22] = [
        (Self::SafeSupine, "safe_supine"),
        (Self::Side, "side"),
        (Self::Prone, "prone"),
        (Self::ProneFaceDown, "prone_face_down"),
        (Self::BlanketOverFace, "blanket_over_face"),
        (Self::HeadCovered, "head_covered"),
        (Self::SoftToyOnFace, "soft_toy_on_face"),
        (Self::WedgedBetweenMattressAndRail, "wedged_between_mattress_and_rail"),
        (Self::LimbThroughSlats, "limb_through_slats"),
        (Self::CordNearNeck, "cord_near_neck"),
        (Self::Rolling, "rolling"),
        (Self::SittingUp, "sitting_up"),
        (Self::PullingUp, "pulling_up"),
        (Self::PullingBlanket, "pulling_blanket"),
        (Self::Sitting, "sitting"),
        (Self::OnAllFours, "on_all_fours"),
        (Self::Standing, "standing"),
        (Self::ClimbingOut, "climbing_out"),
        (Self::CaregiverPresent, "caregiver_present"),
        (Self::PickedUp, "picked_up"),
        (Self::OtherInfant, "other_infant"),
        (Self::EmptyCrib, "empty_crib"),
    ];

    /// Whether it needs a crib with slats.
    #[must_use]
    pub fn needs_slats(self) -> bool {
        matches!(self, Self::LimbThroughSlats | Self::WedgedBetweenMattressAndRail)
    }

    /// The youngest age at which it is shown, months: infants sit at about 5 months, crawl and stand at about 7 to 8,
    /// climb later (WHO Multicentre Growth Reference Study Group 2006, 'Motor development milestones').
    #[must_use]
    pub fn youngest_months(self) -> f32 {
        match self {
            Self::Rolling | Self::PullingBlanket => 3.0,
            Self::Sitting => 5.0,
            Self::OnAllFours | Self::SittingUp => 6.0,
            Self::Standing => 7.5,
            Self::PullingUp => 8.0,
            Self::ClimbingOut => 10.0,
            _ => 0.0,
        }
    }

    /// Its name in configs and labels.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(scenario, _)| *scenario == self).map_or("", |(_, name)| name)
    }
}
