package io.posthorn.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** Frozen sample bytes under {@code wire-v1}: hexadecimal text, where blanks and everything from # on do not count. */
public final class HexFixture {

    private HexFixture() {}

    public static byte[] load(String name) {
        String path = "/wire-v1/" + name + ".hex";
        try (InputStream in = Objects.requireNonNull(HexFixture.class.getResourceAsStream(path), path)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            StringBuilder digits = new StringBuilder();
            for (String line : text.split("\n")) {
                int comment = line.indexOf('#');
                digits.append((comment < 0 ? line : line.substring(0, comment)).replace(" ", ""));
            }
            return HexFormat.of().parseHex(digits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
