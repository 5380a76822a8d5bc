package io.posthorn.server.cli;

import io.posthorn.server.security.ScramVerifier;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** Where a command gets a password from: the terminal without echo, a file, or standard input; never the command line, which others see. */
final class PasswordOption {

    private static final String STANDARD_INPUT = "-";
    private static final int INPUT_MAX_BYTES = 4 * ScramVerifier.PASSWORD_MAX_CHARS + 2;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "file whose one line is the password; - reads standard input; default: ask at the terminal")
    private String source;

    /**
     * @param twice whether a person types it twice, because it is a new one
     * @throws CommandException if there is none
     */
    String read(String user, boolean twice) throws CommandException {
        return source == null ? typed(user, twice) : line();
    }

    private static String typed(String user, boolean twice) throws CommandException {
        Console console = System.console();
        if (console == null) {
            throw new CommandException("there is no terminal to ask for the password: give --password-file FILE, or "
                    + "--password-file - to read standard input");
        }
        char[] first = console.readPassword("Password of %s: ", user);
        char[] second = twice ? console.readPassword("Again: ") : first;
        if (first == null || second == null) {
            throw new CommandException("no password was given");
        }
        if (!Arrays.equals(first, second)) {
            throw new CommandException("the two passwords are not the same");
        }
        return new String(first);
    }

    private String line() throws CommandException {
        String name = source.equals(STANDARD_INPUT) ? "standard input" : source;
        byte[] bytes;
        try (InputStream in = source.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(source))) {
            bytes = in.readNBytes(INPUT_MAX_BYTES);
        } catch (IOException | IllegalArgumentException failed) {
            throw new CommandException("cannot read the password from " + name + ": " + failed, failed);
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new CommandException("the password in " + name + " is not UTF-8 text", notUtf8);
        }
        String line = text.replaceFirst("\r?\n\\z", "");
        if (line.indexOf('\n') >= 0) {
            throw new CommandException("more than one line in " + name + ", where only a password belongs");
        }
        return line;
    }
}
