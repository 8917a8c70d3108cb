package se.samflode.index;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * Engagements as PostgreSQL's binary COPY takes them, in the columns of {@link #COLUMNS}. Grows
 * with what it is given. For one thread. Source: PostgreSQL documentation, COPY, Binary Format.
 */
final class CopyRows {

  static final String COLUMNS =
      """
      id, resident, service_domain, categorization, logical_address,
      business_object_instance_identifier, clinical_process_interest_id, most_recent_content,
      source_system, data_controller, owner\
      """;

  private static final short COLUMN_COUNT = 11;
  private static final short END = -1;
  private static final int NULL = -1;
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final LocalDateTime EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);

  private byte[] bytes = new byte[1 << 16];
  private int length;

  CopyRows() {
    put(SIGNATURE);
    putInt(0);
    putInt(0);
  }

  void add(EngagementKey key, Engagement e) {
    putShort(COLUMN_COUNT);
    value(key.bytes());
    text(e.resident());
    text(e.serviceDomain());
    text(e.categorization());
    text(e.logicalAddress());
    text(e.businessObjectInstanceIdentifier());
    text(e.clinicalProcessInterestId());
    LocalDateTime time = ContractTime.parse(e.mostRecentContent());
    if (time == null) {
      putInt(NULL);
    } else {
      putInt(Long.BYTES);
      putLong(ChronoUnit.MICROS.between(EPOCH, time));
    }
    text(e.sourceSystem());
    text(e.dataController());
    text(e.owner());
  }

  /** To be called once, after the last row. */
  CopyRows ended() {
    putShort(END);
    return this;
  }

  /** Holds the rows in its first {@link #length} bytes. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  private void text(String value) {
    value(value.getBytes(StandardCharsets.UTF_8));
  }

  private void value(byte[] value) {
    putInt(value.length);
    put(value);
  }

  private void putShort(short value) {
    room(Short.BYTES);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
  }

  private void putInt(int value) {
    putShort((short) (value >> 16));
    putShort((short) value);
  }

  private void putLong(long value) {
    putInt((int) (value >> 32));
    putInt((int) value);
  }

  private void put(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
