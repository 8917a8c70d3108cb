package se.samflode.index;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of comma-separated values (RFC 4180) in UTF-8, whose first line names the columns, in any
 * order. Holds one record at a time. For one thread at a time.
 */
final class CsvFile implements AutoCloseable {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Counted bytes;
  private final CloseableIterator<CsvRecord> records;
  private final List<Integer> places;
  private long line = 1;

  /**
   * Opens a file and reads its first line.
   *
   * @param columns what it must have, each once, and nothing else
   * @throws CommandRefused if it cannot be read, or has other columns
   */
  CsvFile(Path file, List<String> columns) {
    try {
      bytes = new Counted(Files.newInputStream(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    // A decoder of its own refuses what is not UTF-8, instead of taking a question mark for it.
    PushbackReader reader =
        new PushbackReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    passByteOrderMark(file, reader);
    records =
        CsvReader.builder()
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(reader)
            .iterator();
    if (!hasNext()) {
      throw new CommandRefused("The file is empty: its first line must name the columns.");
    }
    places = places(records.next().getFields(), columns);
  }

  /** A failure to read, without the file's content. */
  static CommandRefused unreadable(Path file, IOException e) {
    return new CommandRefused(
        "The file "
            + file.getFileName()
            + " cannot be read: "
            + e.getClass().getSimpleName()
            + ".");
  }

  /** Before the first column, which may be in quotes. */
  private static void passByteOrderMark(Path file, PushbackReader reader) {
    try {
      int first = reader.read();
      if (first >= 0 && first != BYTE_ORDER_MARK) {
        reader.unread(first);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static List<Integer> places(List<String> header, List<String> columns) {
    for (String column : columns) {
      if (header.indexOf(column) != header.lastIndexOf(column)) {
        throw new CommandRefused("Line 1: the column " + column + " stands twice.");
      }
    }
    List<String> missing = columns.stream().filter(c -> !header.contains(c)).toList();
    if (!missing.isEmpty()) {
      throw new CommandRefused("Line 1: columns are missing: " + String.join(", ", missing) + ".");
    }
    for (int place = 0; place < header.size(); place++) {
      if (!columns.contains(header.get(place))) {
        throw new CommandRefused(
            "Line 1: column " + (place + 1) + " is unknown. Take it out of the file.");
      }
    }
    return columns.stream().map(header::indexOf).toList();
  }

  /**
   * Whether a record follows.
   *
   * @throws CommandRefused if what follows is no CSV or not UTF-8
   */
  boolean hasNext() {
    try {
      return records.hasNext();
    } catch (CsvParseException e) {
      throw new CommandRefused(
          "After line " + line + ": the quotes are not those of CSV, or a value is too long.");
    } catch (UncheckedIOException e) {
      throw new CommandRefused("After line " + line + ": the file is not UTF-8, or unreadable.");
    }
  }

  /** The next record; its values stand in the order of the columns asked for. */
  Row next() {
    CsvRecord next = records.next();
    line = next.getStartingLineNumber();
    return new Row(line, next, places);
  }

  /** Bytes read so far, some of them ahead. */
  long bytesRead() {
    return bytes.count;
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One record. Prints itself without values. */
  record Row(long line, CsvRecord values, List<Integer> places) {

    /** Whether it has as many values as there are columns. */
    boolean isWhole() {
      return values.getFieldCount() == places.size();
    }

    String get(int column) {
      return values.getField(places.get(column));
    }

    @Override
    public String toString() {
      return "Row[" + line + "]";
    }
  }

  private static final class Counted extends FilterInputStream {

    private volatile long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      int read = super.read(into, from, most);
      if (read > 0) {
        // The reader is one thread; others only look.
        long before = count;
        count = before + read;
      }
      return read;
    }
  }
}
