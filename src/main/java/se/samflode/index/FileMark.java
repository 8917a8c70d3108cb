package se.samflode.index;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * By what a file is known again: SHA-256 over all of it, since one that was changed in the middle
 * must not be gone on with as if it were the same.
 *
 * @param digest 64 hexadecimal digits
 * @param size bytes
 * @param changed when it was written, to notice that it is written while it is read
 */
record FileMark(String digest, long size, FileTime changed) {

  private static final int BLOCK = 1 << 20;

  /**
   * Reads the whole file.
   *
   * @throws CommandRefused if it cannot be read
   */
  static FileMark of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      FileTime changed = Files.getLastModifiedTime(file);
      MessageDigest sha256 = EngagementKey.sha256();
      byte[] block = new byte[BLOCK];
      long size = 0;
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        sha256.update(block, 0, read);
        size += read;
      }
      return new FileMark(HexFormat.of().formatHex(sha256.digest()), size, changed);
    } catch (IOException e) {
      throw CsvFile.unreadable(file, e);
    }
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(digest);
  }

  /**
   * @throws CommandRefused if the file is no longer what it was
   */
  void check(Path file) {
    try {
      if (Files.size(file) != size || !Files.getLastModifiedTime(file).equals(changed)) {
        throw new CommandRefused(
            "The file "
                + file.getFileName()
                + " was changed while it was loaded. Load it again when it is complete.");
      }
    } catch (IOException e) {
      throw CsvFile.unreadable(file, e);
    }
  }
}
