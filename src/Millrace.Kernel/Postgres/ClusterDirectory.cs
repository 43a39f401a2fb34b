using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>
/// Where the server's files are: <c>postgres</c> in the data directory. When we are root and the server's user cannot get there
/// (a data directory below <c>/root</c>), that name is a link into <see cref="SharedRoot"/>.
/// </summary>
internal sealed class ClusterDirectory
{
    public const string SharedRoot = "/var/lib/millrace";

    private ClusterDirectory(string path) => Path = path;

    /// <summary>Absolute, links followed. Exists only after <see cref="InitializeAsync"/>.</summary>
    public string Path { get; }

    /// <summary>Null when there is no database yet.</summary>
    public int? Major => File.Exists(System.IO.Path.Combine(Path, "PG_VERSION"))
        ? int.Parse(File.ReadAllText(System.IO.Path.Combine(Path, "PG_VERSION")).Split('.')[0], CultureInfo.InvariantCulture)
        : null;

    public static async Task<ClusterDirectory> PlaceAsync(DataDirectory data, ServiceUser? user, CancellationToken cancellationToken)
    {
        // Without links in it, as /proc shows the folder of a running server.
        var real = (await Tool.RunAsync("realpath", [data.Path], cancellationToken)).EnsureSuccess().Output.TrimEnd('\n');
        var wanted = System.IO.Path.Combine(real, "postgres");
        if (user is not null)
        {
            await user.OpenPassageAsync(data.Path, cancellationToken);
        }

        if (new DirectoryInfo(wanted).LinkTarget is { } target)
        {
            return new ClusterDirectory(target);
        }

        if (user is null || await user.ReachesAsync(data.Path, cancellationToken))
        {
            return new ClusterDirectory(wanted);
        }

        if (Directory.Exists(wanted))
        {
            throw new StartupException(
                $"PostgreSQL runs as user {user.Name} when started by root, and {user.Name} cannot get to {wanted}: a folder above it lets nobody through. Open it (chmod o+x) or move the data directory.");
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data.Path)))[..12];
        var elsewhere = System.IO.Path.Combine(SharedRoot, $"data-{name}");
        Directory.CreateDirectory(SharedRoot);
        Directory.CreateSymbolicLink(wanted, elsewhere);
        return new ClusterDirectory(elsewhere);
    }

    /// <summary>Makes a new, empty database cluster. Cut short at any moment, the next start begins afresh.</summary>
    public async Task InitializeAsync(PostgresBinaries binaries, ServiceUser? user, PostgresProfile profile, CancellationToken cancellationToken)
    {
        var unfinished = $"{Path}.initializing";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        FolderMode.CreatePrivate(unfinished);
        if (user is not null)
        {
            await user.TakeOverAsync(unfinished, cancellationToken);
        }

        string[] locale = binaries.Major >= 17
            ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            : ["--locale=C.UTF-8"];
        string[] sync = profile == PostgresProfile.Test ? ["--no-sync"] : [];
        var made = await Tool.RunAsync(
            user,
            binaries.Initdb,
            ["-D", unfinished, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--data-checksums", "--no-instructions", .. locale, .. sync],
            cancellationToken);
        made.EnsureSuccess();
        await File.AppendAllTextAsync(
            System.IO.Path.Combine(unfinished, "postgresql.conf"),
            $"\n# Written at every start; overrule it with ALTER SYSTEM.\ninclude_if_exists = '{ServerSettings.FileName}'\n",
            cancellationToken);
        Directory.Move(unfinished, Path);
    }

    /// <summary>Writes our settings; which WAL compression the binaries know is found out by asking them.</summary>
    public async Task WriteSettingsAsync(
        PostgresBinaries binaries, ServiceUser? user, PostgresProfile profile, string socketFolder, CancellationToken cancellationToken)
    {
        var probe = await Tool.RunAsync(user, binaries.Postgres, ["-D", Path, "-C", "wal_compression", "-c", "wal_compression=lz4"], cancellationToken);
        var file = System.IO.Path.Combine(Path, ServerSettings.FileName);
        await File.WriteAllTextAsync(
            file,
            ServerSettings.Text(profile, socketFolder, probe.ExitCode == 0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            cancellationToken);
        if (user is not null)
        {
            await user.TakeOverAsync(file, cancellationToken);
        }
    }
}
