-- Those for whom its sender pushes: what is rejected does not say for certain whose it is. Empty for what was
-- rejected before this column.
ALTER TABLE lab_rejection ADD COLUMN data_controllers text[] COLLATE "C" NOT NULL DEFAULT '{}';
