package io.posthorn.appserver;

import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What is deployed: our archive as it was built, the ledger, the test application. */
final class Archives {

    static final String ADAPTER = "posthorn.rar";
    static final String LEDGER = "ledger.rar";
    static final String APPLICATION = "it.war";

    private static final String BASE = "io.posthorn.appserver";

    private Archives() {}

    /** Below {@code src/test}. */
    static Path sources() {
        return Path.of(System.getProperty("posthorn.test.sources", "src/test"));
    }

    static Path target() {
        return Path.of(System.getProperty("posthorn.test.target", "target"));
    }

    static Path adapterFile() {
        return Path.of(System.getProperty("posthorn.rar"));
    }

    static ResourceAdapterArchive adapter() {
        return ShrinkWrap.create(ZipImporter.class, ADAPTER)
                .importFrom(adapterFile().toFile())
                .as(ResourceAdapterArchive.class);
    }

    static ResourceAdapterArchive ledger() {
        JavaArchive classes = ShrinkWrap.create(JavaArchive.class, "ledger.jar").addPackage(BASE + ".ledger");
        return ShrinkWrap.create(ResourceAdapterArchive.class, LEDGER)
                .addAsLibrary(classes)
                .addAsManifestResource(sources().resolve("ledger/META-INF/ra.xml").toFile(), "ra.xml");
    }

    static WebArchive application() {
        WebArchive archive = ShrinkWrap.create(WebArchive.class, APPLICATION).addPackage(BASE + ".app");
        Path descriptors = sources().resolve("app/WEB-INF");
        for (String name : descriptors.toFile().list()) {
            archive.addAsWebInfResource(descriptors.resolve(name).toFile(), name);
        }
        return archive;
    }

    /** Writes them as files into the directory. */
    static void exportTo(Path directory) {
        adapter().as(ZipExporter.class).exportTo(directory.resolve(ADAPTER).toFile(), true);
        ledger().as(ZipExporter.class).exportTo(directory.resolve(LEDGER).toFile(), true);
        application()
                .as(ZipExporter.class)
                .exportTo(directory.resolve(APPLICATION).toFile(), true);
    }
}
