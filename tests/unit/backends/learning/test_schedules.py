import pytest

from landmark_annotator.backends.learning.schedules import CosineSchedule, PlateauSchedule


def test_a_cosine_warms_up_to_its_highest_rate_and_ends_at_nought() -> None:
    schedule = CosineSchedule(0.1, epochs=10)
    rates = [schedule.rate([0.0] * epoch, step, 20) for epoch in range(10) for step in range(20)]
    highest = rates.index(max(rates))
    assert highest == 19  # the last of a tenth of 200 steps
    assert 0.09 < rates[highest] <= 0.1
    assert rates[: highest + 1] == sorted(rates[: highest + 1])
    assert rates[highest:] == sorted(rates[highest:], reverse=True)
    assert rates[-1] < 1e-4


def test_the_rate_falls_when_the_loss_stalls_and_a_training_that_has_settled_ends() -> None:
    schedule, losses = PlateauSchedule(1.0, epochs=60), [10.0, 5.0, 4.0]
    assert schedule.rates(losses) == [1.0] * 4
    losses += [4.0] * 8  # 200 of 1500 epochs are 8 of 60
    assert schedule.rates(losses)[-1] == pytest.approx(0.25)
    losses += [4.0] * 9
    assert schedule.rates(losses)[-1] == pytest.approx(0.25**2)
    losses += [4.0] * 9
    assert schedule.rates(losses)[-1] == pytest.approx(0.25**3)
    assert schedule.rate(losses, 0, 1) is not None
    losses += [4.0] * 9
    assert schedule.rate(losses, 0, 1) is None


def test_a_loss_that_keeps_falling_settles_at_the_end_all_the_same() -> None:
    schedule, losses = PlateauSchedule(1.0, epochs=30), [0.9**i for i in range(15)]
    assert schedule.rates(losses)[-1] == pytest.approx(0.25)
    losses += [0.9**i for i in range(15, 29)]
    assert schedule.rates(losses)[-1] == pytest.approx(0.25**3)
