package io.posthorn.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The program that wrote {@code orders.csv}: half a year of trade of a shop for brass instruments.
 *
 * <p>Seeded, so every run writes the same bytes; {@link OrderFileTest} holds the shipped file against it. Run its
 * {@code main} with the path of the file to write it anew.
 */
final class OrdersFileGenerator {
    static final int ORDERS = 2_486;
    static final long SEED = 20_260_102L;

    private static final int CUSTOMERS = 180;
    private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 2);
    private static final LocalDate LAST_DAY = LocalDate.of(2026, 6, 30);

    /** Country, share of the customers in percent, cities. */
    private static final String[][] COUNTRIES = {
        {"DE", "34", "Leipzig", "Hamburg", "München", "Köln", "Görlitz", "Ulm"},
        {"AT", "17", "Wien", "Graz", "Linz", "Innsbruck"},
        {"FR", "14", "Lyon", "Orléans", "Besançon", "Paris"},
        {"NL", "10", "Utrecht", "Groningen", "Den Haag"},
        {"IT", "9", "Bolzano", "Cremona", "Forlì"},
        {"BE", "6", "Gent", "Liège", "Brugge"},
        {"ES", "4", "Valencia", "A Coruña", "Cádiz"},
        {"FI", "3", "Turku", "Jyväskylä"},
        {"IE", "2", "Cork", "Galway"},
        {"PT", "1", "Porto", "Évora"},
    };

    private static final String[] HOUSES = {
        "Musikhaus",
        "Blaskapelle",
        "Stadtorchester",
        "Harmonie",
        "Conservatoire",
        "Musikschule",
        "Banda Municipal",
        "Opernhaus",
        "Fanfare",
        "Brass Academy",
        "Philharmonie",
        "Postmuseum"
    };
    private static final String[] OWNERS = {
        "Albrecht",
        "Bösel",
        "Castelli",
        "De Vries",
        "Echeverría",
        "Fontaine",
        "Gruber",
        "Huber, Söhne & Co.",
        "Ibsen",
        "Jäger",
        "Korhonen",
        "Lefèvre",
        "Moretti",
        "Núñez",
        "O'Dwyer",
        "Peeters",
        "Quintela",
        "Rasmussen",
        "Steiner \"Zum Posthorn\"",
        "Tischler",
        "Unger",
        "Van Damme",
        "Weiß",
        "Zeller"
    };

    /** Stock number, name, price in cents, largest usual quantity. */
    private static final String[][] PRODUCTS = {
        {"PH-010", "Post horn in B flat, brass", "18900", "4"},
        {"PH-011", "Post horn in E flat, lacquered", "21450", "4"},
        {"PH-020", "Parforce horn, 3 coils", "46900", "2"},
        {"TR-100", "Trumpet in B flat, student", "32500", "6"},
        {"TR-110", "Trumpet in B flat, rotary valves", "189000", "2"},
        {"TR-130", "Piccolo trumpet, 4 valves", "214999", "1"},
        {"FH-200", "Flugelhorn, gold brass bell", "98750", "2"},
        {"CO-210", "Cornet, \"London\" model", "64900", "3"},
        {"HN-300", "French horn, double", "345000", "1"},
        {"HN-310", "French horn in F, student", "119500", "2"},
        {"TB-400", "Tenor trombone, Bb/F", "87990", "2"},
        {"TB-420", "Bass trombone", "242000", "1"},
        {"EU-500", "Euphonium, compensating", "398000", "1"},
        {"TU-600", "Tuba in F, 6 valves", "1089900", "1"},
        {"MP-701", "Mouthpiece trumpet 7C", "3290", "20"},
        {"MP-702", "Mouthpiece trumpet 3C", "3290", "20"},
        {"MP-703", "Mouthpiece trumpet 1 1/2C", "3450", "20"},
        {"MP-711", "Mouthpiece horn, deep cup", "4175", "12"},
        {"MP-721", "Mouthpiece trombone 6 1/2 AL", "4560", "12"},
        {"MP-731", "Mouthpiece tuba, 32.6 mm", "8895", "6"},
        {"CA-801", "Valve oil, 50 ml", "649", "48"},
        {"CA-802", "Slide grease, 15 g", "479", "48"},
        {"CA-803", "Cleaning snake, flexible", "795", "36"},
        {"CA-804", "Polishing cloth, untreated", "385", "60"},
        {"CA-805", "Care set, brass, 7 pieces", "2990", "12"},
        {"MU-901", "Mute, straight, aluminium", "3690", "10"},
        {"MU-902", "Mute, cup, adjustable", "5490", "10"},
        {"MU-903", "Practice mute with pick-up", "14999", "3"},
        {"ST-950", "Music stand, folding", "1895", "40"},
        {"ST-951", "Instrument stand, trumpet", "2240", "15"},
        {"BG-960", "Gig bag, flugelhorn", "5950", "6"},
        {"BG-961", "Hard case, double horn", "23900", "2"},
        {"SH-970", "March book, 1st part", "690", "60"},
        {"SH-971", "Horn signals of the post, full score", "2450", "10"},
        {"SH-972", "Etudes, 24 pieces, all keys", "1780", "25"},
        {"SP-990", "Water key cork, 10 pieces", "255", "30"},
        {"SP-991", "Valve spring set, 3 pieces", "815", "30"},
        {"SP-992", "Lyre, clamp-on", "1125", "40"},
    };

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final String[] customers = new String[CUSTOMERS];

    private OrdersFileGenerator() {
        for (int i = 0; i < CUSTOMERS; i++) {
            customers[i] = newCustomer(i);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), text(), StandardCharsets.UTF_8);
    }

    /** The whole file, with its header line; lines end in LF. */
    static String text() {
        return new OrdersFileGenerator().write();
    }

    private String write() {
        StringBuilder out = new StringBuilder(OrderFile.HEADER).append('\n');
        long days = LAST_DAY.toEpochDay() - FIRST_DAY.toEpochDay();
        for (int i = 0; i < ORDERS; i++) {
            LocalDate date = workday(FIRST_DAY.plusDays(i * days / ORDERS));
            out.append(order(100_001 + i, date)).append('\n');
        }
        return out.toString();
    }

    private static LocalDate workday(LocalDate day) {
        return day.getDayOfWeek() == DayOfWeek.SUNDAY ? day.plusDays(1) : day;
    }

    private String order(int number, LocalDate date) {
        // The square of the dice makes some customers frequent and most of them rare, as in real books.
        double dice = random.nextDouble();
        String customer = customers[(int) (dice * dice * CUSTOMERS)];
        String[] product = PRODUCTS[random.nextInt(PRODUCTS.length)];
        int quantity = 1 + random.nextInt(Integer.parseInt(product[3]));
        long cents = Long.parseLong(product[2]);
        if (quantity >= 10) {
            cents = cents * 95 / 100;
        }
        String price = String.format(Locale.ROOT, "%d.%02d", cents / 100, cents % 100);
        return String.join(
                ",",
                "SO-" + number,
                date.toString(),
                customer,
                product[0],
                field(product[1]),
                Integer.toString(quantity),
                price,
                "EUR");
    }

    private String newCustomer(int index) {
        String[] country = country();
        String city = country[2 + random.nextInt(country.length - 2)];
        String name = HOUSES[random.nextInt(HOUSES.length)] + ' ' + OWNERS[random.nextInt(OWNERS.length)];
        return String.join(",", "C" + (4_001 + index * 7), field(name), field(city), country[0]);
    }

    private String[] country() {
        int dice = random.nextInt(100);
        for (String[] country : COUNTRIES) {
            dice -= Integer.parseInt(country[1]);
            if (dice < 0) {
                return country;
            }
        }
        throw new IllegalStateException("the shares of the countries do not add up to 100");
    }

    private static String field(String text) {
        boolean quote = text.indexOf(',') >= 0 || text.indexOf('"') >= 0;
        return quote ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
