-- What was marked missed under a clock that was fast is found again once it is set right.
CREATE INDEX check_ins_missed ON check_ins (missed_at) WHERE missed_at IS NOT NULL;
CREATE INDEX timers_expired ON timers (expired_at) WHERE expired_at IS NOT NULL;
