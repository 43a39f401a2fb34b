using System.Globalization;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>Finds server binaries: the configured folder alone, else installed ones (newest first), <c>PATH</c>, the npm package.</summary>
internal static class BinarySearch
{
    /// <param name="major">The version a data directory was made with; null when there is none yet.</param>
    /// <exception cref="StartupException">Nothing fits; the message names what is needed.</exception>
    public static async Task<PostgresBinaries> FindAsync(EmbeddedPostgresOptions options, int? major, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        await foreach (var binaries in CandidatesAsync(options, cancellationToken))
        {
            if (binaries.Major >= PostgresBinaries.OldestMajor && (major is null || binaries.Major == major))
            {
                return binaries;
            }

            found.Add(binaries);
        }

        throw new StartupException(Explain(options, major, found));
    }

    private static async IAsyncEnumerable<PostgresBinaries> CandidatesAsync(
        EmbeddedPostgresOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var folder in Folders(options))
        {
            if (await PostgresBinaries.InAsync(folder, cancellationToken) is { } binaries)
            {
                yield return binaries;
            }
        }

        if (options.Binaries is null && NpmBinaries.Find(options) is { } package)
        {
            var folder = await package.PrepareAsync(options.DataDirectory, cancellationToken);
            if (await PostgresBinaries.InAsync(folder, cancellationToken) is { } binaries)
            {
                yield return binaries;
            }
        }
    }

    private static IEnumerable<string> Folders(EmbeddedPostgresOptions options)
    {
        if (options.Binaries is { } configured)
        {
            return [Path.GetFullPath(configured)];
        }

        var installed = options.InstalledIn.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Select(folder => (folder, Major: int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var major) ? major : 0))
            .OrderByDescending(version => version.Major)
            .Select(version => Path.Combine(version.folder, "bin"));
        var path = options.SearchPath ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries) : [];
        return installed.Concat(path.Select(RealFolder)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>A link in <c>/usr/local/bin</c> to one program does not bring the others beside it, so the link is followed.</summary>
    private static string RealFolder(string folder)
    {
        var postgres = new FileInfo(Path.Combine(folder, "postgres"));
        return postgres.Exists && postgres.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Path.GetDirectoryName(target.FullName)! : folder;
    }

    private static string Explain(EmbeddedPostgresOptions options, int? major, List<PostgresBinaries> found)
    {
        var has = found.Count == 0 ? "none was found" : $"found only {string.Join(", ", found.Select(binaries => $"{binaries.Version} in {binaries.Folder}"))}";
        return (options.Binaries, major) switch
        {
            ({ } configured, null) => $"Millrace:Postgres:Binaries is {configured}, but PostgreSQL {PostgresBinaries.OldestMajor} or newer is needed there; {has}.",
            (_, { } needed) => $"The database in {options.DataDirectory} was made by PostgreSQL {needed} and needs binaries of version {needed}; {has}. Install postgresql-{needed}, or set Millrace:Postgres:Binaries.",
            _ => $"No PostgreSQL {PostgresBinaries.OldestMajor} or newer; {has}. Run bin/up, which brings one, install Debian's package postgresql, or set Millrace:Database to a server of your own.",
        };
    }
}
