-- People are paged about one alert at most once a minute: when they last were, and how many triggers came since.
ALTER TABLE alerts ADD COLUMN paged_at TIMESTAMPTZ;
ALTER TABLE alerts ADD COLUMN unpaged_triggers INTEGER NOT NULL DEFAULT 0;
