package io.posthorn.appserver;

import java.io.File;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
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
                .addAsManifestResource(
                        sources().resolve("ledger/META-INF/ra.xml").toFile(), "ra.xml");
    }

    static WebArchive application() {
        WebArchive archive = ShrinkWrap.create(WebArchive.class, APPLICATION).addPackage(BASE + ".app");
        Path descriptors = sources().resolve("app/WEB-INF");
        for (String name : descriptors.toFile().list()) {
            archive.addAsWebInfResource(descriptors.resolve(name).toFile(), name);
        }
        return archive;
    }

    /** The application that defines what it needs by itself; written into the directory. */
    static Path definedIn(Path directory) {
        Path file = directory.resolve("defined.war");
        ShrinkWrap.create(WebArchive.class, "defined.war")
                .addPackage(BASE + ".defined")
                .addAsWebInfResource(wildFly("jboss-deployment-structure.xml"), "jboss-deployment-structure.xml")
                .as(ZipExporter.class)
                .exportTo(file.toFile(), true);
        return file;
    }

    /** The application that names the server's factory in the place of injection; written into the directory. */
    static Path injectedIn(Path directory) {
        Path file = directory.resolve("injected.war");
        ShrinkWrap.create(WebArchive.class, "injected.war")
                .addPackage(BASE + ".injected")
                .addAsWebInfResource(sources().resolve("app/WEB-INF/beans.xml").toFile(), "beans.xml")
                .as(ZipExporter.class)
                .exportTo(file.toFile(), true);
        return file;
    }

    /** {@link #adapter} with a configuration for WildFly inside. */
    static ResourceAdapterArchive adapterForWildFly() {
        return adapter().addAsManifestResource(wildFly("ironjacamar.xml"), "ironjacamar.xml");
    }

    /** {@link #ledger} with a configuration for WildFly inside. */
    static ResourceAdapterArchive ledgerForWildFly() {
        return ledger().addAsManifestResource(wildFly("ledger-ironjacamar.xml"), "ironjacamar.xml");
    }

    /** {@link #application} with this file of {@code src/test/wildfly} as {@code jboss-ejb3.xml}. */
    static WebArchive applicationForWildFly(String binding) {
        return application().addAsWebInfResource(wildFly(binding), "jboss-ejb3.xml");
    }

    static EnterpriseArchive earForWildFly() {
        return ShrinkWrap.create(EnterpriseArchive.class, "it.ear")
                .addAsModules(adapterForWildFly(), ledgerForWildFly(), applicationForWildFly("jboss-ejb3-ear.xml"))
                .setApplicationXML(wildFly("application.xml"));
    }

    private static File wildFly(String name) {
        return sources().resolve("wildfly").resolve(name).toFile();
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
