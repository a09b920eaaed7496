"""What just happened in a game, in words and in the formula with the current numbers in it."""

from playground.game import BOUND, Game, GameSettings

FORMULAS = {  # loss -> what D and G minimise
    "non-saturating": ("−mean log D(x) − mean log(1 − D(G(z)))", "−mean log D(G(z))"),
    "minimax": ("−mean log D(x) − mean log(1 − D(G(z)))", "mean log(1 − D(G(z)))"),
    "least-squares": ("½ mean (D(x) − 1)² + ½ mean D(G(z))²", "mean (D(G(z)) − 1)²"),
    "wasserstein": ("mean D(G(z)) − mean D(x) + mean (‖∇D‖ − 1)²", "−mean D(G(z))"),
    "relativistic": ("−mean log σ(D(x) − D(G(z)))", "−mean log σ(D(G(z)) − D(x))"),
}
PROBABILITIES = ("non-saturating", "minimax")  # the losses whose D is a probability


def comment(game: Game, numbers: dict[str, float]) -> list[dict[str, str]]:
    """Numbered captions: "words" and "formula" of each.

    Args:
        game: that was just played.
        numbers: from `playground.views.numbers_of`.
    """
    if game.lost:
        words = (
            "The weights ran away to infinity: a step was larger than the slope allowed. Restart with smaller rates."
        )
        return [{"words": words, "formula": "w ← w − η ∇L, η too large"}]
    captions = [about_discriminator(game.settings, numbers), about_generator(game.settings, numbers)]
    if game.settings.loss in PROBABILITIES:
        captions.append(about_value(numbers))
    return captions


def about_discriminator(settings: GameSettings, numbers: dict[str, float]) -> dict[str, str]:
    """What D sees."""
    left, _ = FORMULAS[settings.loss]
    real, fake = numbers["real"], numbers["fake"]
    if settings.loss in PROBABILITIES:
        words = f"D gives real points a probability of {real:.2f} of being real, generated ones {fake:.2f}."
    else:
        words = f"D scores real points {real:.2f} on average, generated ones {fake:.2f}; larger means more real."
    return {"words": words, "formula": f"L_D = {left} = {signed(numbers['discriminator_loss'])}"}


def about_generator(settings: GameSettings, numbers: dict[str, float]) -> dict[str, str]:
    """How strongly G is pulled."""
    _, right = FORMULAS[settings.loss]
    pull = numbers["pull"]
    strength = (
        "hardly at all: its gradient has vanished"
        if pull < 0.05
        else "gently"
        if pull < 1
        else "clearly"
        if pull < 8
        else "hard, and may overshoot"
    )
    words = f"G pulls its points along the arrows, up the slope of D: {strength} (mean length {pull:.2g})."
    return {"words": words, "formula": f"L_G = {right} = {signed(numbers['generator_loss'])}"}


def about_value(numbers: dict[str, float]) -> dict[str, str]:
    """How far the game is from the end."""
    value = numbers["value"]
    if value < BOUND - 0.1:
        words = "D is worse than a coin for the moment: G has moved faster than D could follow."
    elif value < BOUND + 0.12:
        words = "D can hardly tell the two apart: the value is near its bound."
    elif value > -0.25:
        words = "D is nearly always right; G is losing."
    else:
        words = "D is ahead, and G still has something to learn from it."
    real, fake = numbers["real_log"], numbers["fake_log"]
    formula = (
        f"V = mean log D(x) + mean log(1 − D(G(z))) = {signed(real)} {'−' if fake < 0 else '+'} {abs(fake):.2f} = "
        f"{signed(value)}; bound −log 4 = {signed(float(BOUND))}"
    )
    return {"words": words, "formula": formula}


def signed(value: float) -> str:
    """Two decimals, with a real minus sign."""
    return f"{value:.2f}".replace("-", "−")
