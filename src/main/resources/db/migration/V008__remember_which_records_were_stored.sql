-- How far each partition of senders' updates has been stored. A record that is not beyond it, since a node that
-- had lost its partition comes back with it, is answered and not stored again.
CREATE TABLE stored_offset (
  -- Kafka's id: a topic that is made anew under its name has another, and begins at offset 0 again.
  topic_id    text COLLATE "C" NOT NULL,
  topic       text COLLATE "C" NOT NULL,
  partition   integer NOT NULL,
  last_offset bigint NOT NULL,
  PRIMARY KEY (topic_id, partition)
) WITH (fillfactor = 50);
