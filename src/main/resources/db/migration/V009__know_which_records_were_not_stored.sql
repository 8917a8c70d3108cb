-- Which offsets of senders' updates, up to the last that was stored, are not known to have been stored: records that were
-- rejected, or not read, before later ones were stored. Ranges of a partition that hold both ends.
CREATE TABLE unstored_offset (
  topic_id     text COLLATE "C" NOT NULL,
  partition    integer NOT NULL,
  first_offset bigint NOT NULL,
  last_offset  bigint NOT NULL,
  noted_at     timestamptz NOT NULL,
  PRIMARY KEY (topic_id, partition, last_offset),
  FOREIGN KEY (topic_id, partition) REFERENCES stored_offset ON DELETE CASCADE
);
CREATE INDEX unstored_offset_noted ON unstored_offset (noted_at);

-- Nothing is known of those that came before this table.
INSERT INTO unstored_offset (topic_id, partition, first_offset, last_offset, noted_at)
SELECT topic_id, partition, 0, last_offset, clock_timestamp() FROM stored_offset;
