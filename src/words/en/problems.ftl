# Why one field was refused, by its code, where a problem document is not in English. The titles of problems in English
# stand with their codes in error.rs.

field-not_allowed = This value is not allowed.
field-missing = A required field is missing.
field-unknown = There is no such thing.
field-unknown_field = This field does not exist or cannot be set.
field-unknown_word = This is not one of the allowed words.
field-out_of_range = This is outside the allowed range.
field-wrong_type = This is not of the right type.
field-too_long = This is too long.
field-duplicate = This field stands here twice.
field-in_the_past = This is in the past.
field-malformed_time = This is not a time.
field-never_due = This would never be due.
field-not_together = These do not go together.
field-same_as_pin = This must differ from the PIN.
field-empty = There is nothing here.
field-other = This is not accepted.
