namespace Millrace.Kernel.Postgres;

/// <summary>How the private PostgreSQL server is found, placed and tuned.</summary>
public sealed class EmbeddedPostgresOptions
{
    public const string Section = "Millrace:Postgres";

    /// <summary>The product's data directory; the server lives in its subfolder <c>postgres</c>, its log is <c>postgres.log</c>.</summary>
    public required string DataDirectory { get; set; }

    /// <summary>Folder with <c>postgres</c> and <c>initdb</c>. Null: searched for. When set, nothing else is tried.</summary>
    public string? Binaries { get; set; }

    /// <summary>Folders whose subfolders are <c>&lt;major&gt;/bin</c>, the way Debian installs PostgreSQL.</summary>
    public IReadOnlyList<string> InstalledIn { get; set; } = ["/usr/lib/postgresql"];

    /// <summary>Whether <c>PATH</c> is searched for an installed server too.</summary>
    public bool SearchPath { get; set; } = true;

    /// <summary>From these folders upwards <c>tools/postgres/node_modules</c> is searched for the npm package's binaries.</summary>
    public IReadOnlyList<string> SearchUpwardsFrom { get; set; } = [AppContext.BaseDirectory, Environment.CurrentDirectory];

    public PostgresProfile Profile { get; set; } = PostgresProfile.Production;
}

public enum PostgresProfile
{
    /// <summary>Durable; memory in proportion to the machine's.</summary>
    Production,

    /// <summary>Throw-away data: no fsync, small buffers. A crash of the machine may ruin it, a crash of the server does not.</summary>
    Test,
}
