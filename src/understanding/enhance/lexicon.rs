//! Words of feeling: an emotion, and how good (+) or bad (−) it is, −1 to 1.
//!
//! Compiled for scent memories: what people say of places, persons and smells. Every word stands for its inflections.

/// Emotion, sign and strength, words.
pub(super) const FEELINGS: &[(&str, f64, &str)] = &[
    (
        "joy",
        0.8,
        "joy joyful happy happily happiness laugh laughing laughter giggle delight delightful cheerful fun \
         glad bliss blissful merry gleeful smile playful celebrate dance sing beaming ecstatic thrilled \
         festive heaven heavenly carefree jubilant elated",
    ),
    (
        "love",
        0.9,
        "love loved beloved adore darling kiss cuddle hug embrace tender tenderness affection romance \
         romantic sweetheart dear cherish passion intimate",
    ),
    (
        "comfort",
        0.7,
        "comfort comforting comfortable cozy cosy snug warmth safe safety secure soothing soothe homely \
         welcome welcoming sheltered belong reassuring familiar consoling",
    ),
    (
        "calm",
        0.6,
        "calm calming peace peaceful serene serenity tranquil quiet relax relaxed relaxing stillness gentle \
         restful content contented meditative unhurried",
    ),
    (
        "nostalgia",
        0.4,
        "nostalgia nostalgic childhood remember reminisce bygone wistful wistfulness memories bittersweet \
         homesick",
    ),
    ("longing", 0.2, "longing yearn yearning miss missed ache aching"),
    (
        "wonder",
        0.7,
        "wonder wonderful wondrous magic magical enchanted enchanting awe amazed amazing marvel marvelous \
         marvellous breathtaking dreamy dreamlike mesmerizing beautiful gorgeous spellbound glorious \
         unforgettable fascinated mysterious",
    ),
    (
        "excitement",
        0.7,
        "excited exciting excitement adventure thrill exhilarating electrifying eager anticipation adrenaline \
         alive wild daring exuberant invigorating free freedom",
    ),
    ("pride", 0.7, "proud pride triumph victory accomplished confident confidence strong powerful"),
    ("gratitude", 0.8, "grateful gratitude thankful blessed lucky appreciate"),
    ("hope", 0.6, "hope hopeful promise optimistic renewed renewal"),
    (
        "pleasure",
        0.6,
        "enjoy enjoyed pleasure pleasant lovely delicious favorite favourite nice divine perfect yummy \
         mouthwatering irresistible exquisite charming like liked intoxicating",
    ),
    (
        "sadness",
        -0.6,
        "sad sadly sadness cry cried crying tears weep wept unhappy miserable misery gloomy melancholy \
         heartbroken heartbreak sorrow sorrowful depressed depressing bleak disappointed disappointment hurt \
         bitterly lonely loneliness abandoned alone homesickness",
    ),
    (
        "grief",
        -0.7,
        "grief grieve grieving funeral mourn mourning died death dying dead coffin burial lost loss cemetery \
         cremation hospice widow farewell",
    ),
    (
        "fear",
        -0.8,
        "fear afraid scared scary terrified terrifying terror frightened frightening panic dread dreaded \
         nightmare horror horrifying threat threatening anxious anxiety nervous worried worry trembling \
         uneasy danger ominous claustrophobic trapped trauma traumatic",
    ),
    (
        "anger",
        -0.8,
        "anger angry angrily furious rage fury yell yelled yelling scream screamed screaming shouted fight \
         fought argue argument quarrel slammed hit betrayed betrayal cruel bully bullied abuse abusive \
         divorce resent resentment bitter violent drunk annoyed annoying irritated irritating",
    ),
    (
        "disgust",
        -0.9,
        "disgust disgusting disgusted stench stink stank stinking reek reeked reeking nausea nauseous \
         nauseating nauseated sickening vomit vomited gag gagged revolting repulsive repulsed foul putrid \
         rancid rotten rotting filthy gross vile awful horrible hideous unbearable hate hated hating loathe \
         loathed detest detested despise despised cloying suffocating choking choked overpowering headache \
         migraine queasy dislike disliked unpleasant terrible worst nasty acrid stale repelled yuck ugly",
    ),
    (
        "pain",
        -0.6,
        "pain painful sick sickness illness ill fever hospital surgery chemotherapy injury injured accident \
         ambulance dentist needle suffer suffered suffering agony",
    ),
    ("shame", -0.6, "shame ashamed embarrassed embarrassing humiliated humiliating guilt guilty regret"),
    ("boredom", -0.4, "bored boring boredom dull tedious dreary monotonous tired exhausted"),
];

/// Words that turn the feeling of the next few words round.
pub(super) const DENIALS: &str = "not never no without hardly barely neither nor cannot nothing nobody less";

/// Words that are feelings only in some company: the word, and the words right before or after it that take the feeling away.
pub(super) const COMPANY: &[(&str, &str, &str)] = &[
    // "smelled like rain", "it felt like home", "like a cave": a comparison, not a liking.
    (
        "like",
        "smell smells smelled smelt smelling taste tasted tastes felt feel feels looked look looks sounded \
         sound just was is were more something nothing much lay hung out and stank reeked skin exactly not",
        "a an the that this old when if in my her his something",
    ),
    ("free", "gluten sugar smoke fat duty", "of from wifi"),
    ("wild", "", "rose roses strawberry strawberries mint thyme garlic flowers herbs berries fennel"),
    ("bitter", "", "orange oranges almond almonds chocolate lemon cocoa herbs coffee"),
    ("dead", "", "leaves wood leaf sea"),
    ("strong", "", "coffee tea smell scent tobacco coffees"),
    ("alone", "let", ""),
    ("hit", "", "me the"),
    ("dear", "", "reader"),
    ("content", "", "of"),
    ("lost", "", "track myself ourselves"),
    ("drunk", "had have been", "from coffee tea"),
];
