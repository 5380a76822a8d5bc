package io.posthorn.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderFileTest {
    private static final String GOOD = "SO-1,2026-01-02,C1,\"Huber, Söhne\",Wien,AT,SKU,Product,3,12.90,EUR";

    @TempDir
    Path directory;

    /** Counts and cents computed from the file by another program (a CSV reader with decimals), not by this code. */
    @Test
    void theShippedFileAddsUpToTheTotalsComputedElsewhere() throws OrderFileException {
        Map<String, Totals.Line> expected = Map.of(
                "AT", new Totals.Line(380, 43_053_126),
                "BE", new Totals.Line(174, 13_765_634),
                "DE", new Totals.Line(736, 79_004_630),
                "ES", new Totals.Line(85, 8_682_283),
                "FI", new Totals.Line(95, 13_699_473),
                "FR", new Totals.Line(425, 43_844_144),
                "IE", new Totals.Line(33, 2_783_674),
                "IT", new Totals.Line(135, 16_383_562),
                "NL", new Totals.Line(403, 42_860_084),
                "PT", new Totals.Line(20, 1_396_358));
        Totals totals = Totals.ofOrders(OrderFile.readShipped());
        assertEquals(new Totals.Line(2_486, 265_472_968), totals.all());
        assertEquals(expected.size(), totals.countries().size());
        expected.forEach((country, line) -> assertEquals(line, totals.of(country), country));
    }

    @Test
    void theShippedFileIsWhatItsGeneratorWrites() throws IOException {
        try (InputStream file = OrderFile.class.getResourceAsStream("/orders.csv")) {
            assertEquals(OrdersFileGenerator.text(), new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void readsAllFieldsOfAnOrder() throws Exception {
        assertEquals(
                List.of(new Order(
                        "SO-1",
                        LocalDate.of(2026, 1, 2),
                        new Customer("C1", "Huber, Söhne", "Wien", "AT"),
                        new Product("SKU", "Product", 1_290),
                        3)),
                OrderFile.read(file(OrderFile.HEADER, GOOD)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "3,12.90,EUR|x,12.90,EUR",
                "3,12.90,EUR|0,12.90,EUR",
                "3,12.90,EUR|3,12.905,EUR",
                "3,12.90,EUR|3,-1.00,EUR",
                "3,12.90,EUR|3,12.90,CHF",
                "3,12.90,EUR|3,12.90",
                "2026-01-02|2026-02-30",
                "Söhne\"|Söhne",
                "SO-1,|SO-0,"
            })
    void namesTheLineThatIsNoOrder(String part, String bad) throws IOException {
        Path file = file(OrderFile.HEADER, GOOD.replace("SO-1", "SO-0"), GOOD.replace(part, bad));
        OrderFileException failure = assertThrows(OrderFileException.class, () -> OrderFile.read(file));
        assertEquals(file + ", line 3: ", failure.getMessage().substring(0, (file + ", line 3: ").length()));
    }

    @Test
    void refusesAnotherHeaderAndAFileWithoutOrders() throws IOException {
        assertThrows(OrderFileException.class, () -> OrderFile.read(file("id,name", GOOD)));
        assertThrows(OrderFileException.class, () -> OrderFile.read(file(OrderFile.HEADER)));
    }

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("orders.csv"), List.of(lines));
    }
}
