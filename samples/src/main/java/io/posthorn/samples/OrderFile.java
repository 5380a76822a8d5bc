package io.posthorn.samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the orders from a CSV file in UTF-8 whose first line is {@link #HEADER}.
 *
 * <p>Amounts are exact: prices are read as decimals and kept in cents, never as floating point. Order ids must be unique,
 * because the ledger finds missing and doubled invoices by them.
 */
final class OrderFile {
    /** The columns, in this order. */
    static final String HEADER =
            "order_id,order_date,customer_no,customer,city,country,sku,product,quantity,unit_price,currency";

    private static final String SHIPPED = "/orders.csv";
    private static final int COLUMNS = 11;

    private OrderFile() {}

    /** The orders that come with the samples, in the order of the file. */
    static List<Order> readShipped() throws OrderFileException {
        return read(OrderFile.class.getResourceAsStream(SHIPPED), "orders.csv of the samples");
    }

    /**
     * The orders of a file, in the order of the file; at least one.
     *
     * @throws OrderFileException if the file cannot be read, or a line is not an order; names the line
     */
    static List<Order> read(Path file) throws OrderFileException {
        try {
            return read(Files.newInputStream(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new OrderFileException("There is no order file " + file, e);
        } catch (IOException e) {
            throw new OrderFileException("Cannot read the order file " + file + ": " + e, e);
        }
    }

    private static List<Order> read(InputStream input, String name) throws OrderFileException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            if (!HEADER.equals(lines.readLine())) {
                throw new OrderFileException(name + ", line 1: the header must be " + HEADER);
            }
            List<Order> orders = new ArrayList<>();
            Set<String> ids = new HashSet<>();
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Order order = parse(line, name + ", line " + number);
                if (!ids.add(order.id())) {
                    throw new OrderFileException(name + ", line " + number + ": second order " + order.id());
                }
                orders.add(order);
            }
            if (orders.isEmpty()) {
                throw new OrderFileException(name + ": no orders in it");
            }
            return orders;
        } catch (IOException | UncheckedIOException e) {
            throw new OrderFileException("Cannot read " + name + ": " + e, e);
        }
    }

    private static Order parse(String line, String place) throws OrderFileException {
        try {
            List<String> fields = CsvLine.split(line);
            if (fields.size() != COLUMNS) {
                throw new IllegalArgumentException(COLUMNS + " fields expected, found " + fields.size());
            }
            if (!"EUR".equals(fields.get(10))) {
                throw new IllegalArgumentException("only EUR is known, found " + fields.get(10));
            }
            int quantity = Integer.parseInt(fields.get(8));
            if (quantity < 1) {
                throw new IllegalArgumentException("quantity " + quantity);
            }
            return new Order(
                    fields.get(0),
                    LocalDate.parse(fields.get(1)),
                    new Customer(fields.get(2), fields.get(3), fields.get(4), fields.get(5)),
                    new Product(fields.get(6), fields.get(7), cents(fields.get(9))),
                    quantity);
        } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
            throw new OrderFileException(place + ": " + e.getMessage(), e);
        }
    }

    /** Exact: a price with a fraction of a cent is refused, not rounded. */
    private static long cents(String price) {
        long cents = new BigDecimal(price).movePointRight(2).longValueExact();
        if (cents < 0) {
            throw new IllegalArgumentException("price " + price);
        }
        return cents;
    }
}
