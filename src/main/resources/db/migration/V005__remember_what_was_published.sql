-- How far the change feed has been published to Kafka: everything up to the position has been
-- acknowledged by the broker. Empty where Kafka was never configured.
CREATE TABLE published_position (
  bucket   smallint PRIMARY KEY,
  position bigint NOT NULL
) WITH (fillfactor = 50);
