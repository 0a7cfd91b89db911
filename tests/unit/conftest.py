"""How properties are tried: with the same examples on every desk and in CI, however busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "the same everywhere",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("the same everywhere")
