"""Install hooks: what a fresh database needs that no data file can express."""


def post_init_hook(env):
    """Fill the working-day calendar: official years, one provisional year ahead."""
    env["shenpi.workday.year"]._provide_years()
