-- Erasures are ordered for residents, whom earlier versions may have been about; what is old is looked for every hour.

CREATE INDEX lab_version_resident ON lab_version (resident);
CREATE INDEX lab_rejection_rejected ON lab_rejection USING brin (rejected_at);
