using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>One folder with <c>postgres</c> and <c>initdb</c>, and the major version they say they are.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major, string Version)
{
    /// <summary>The oldest PostgreSQL that Millrace runs on.</summary>
    public const int OldestMajor = 15;

    public string Postgres => Path.Combine(Folder, "postgres");

    public string Initdb => Path.Combine(Folder, "initdb");

    /// <summary>Asks the binaries who they are. Null when the folder has none or they do not run on this machine.</summary>
    public static async Task<PostgresBinaries?> InAsync(string folder, CancellationToken cancellationToken)
    {
        var postgres = Path.Combine(folder, "postgres");
        if (!File.Exists(postgres) || !File.Exists(Path.Combine(folder, "initdb")))
        {
            return null;
        }

        Tool.Result answer;
        try
        {
            answer = await Tool.RunAsync(postgres, ["--version"], cancellationToken);
        }
        catch (StartupException)
        {
            return null;
        }

        var version = VersionOf.Match(answer.Output);
        return answer.ExitCode == 0 && version.Success
            ? new PostgresBinaries(folder, int.Parse(version.Groups["major"].ValueSpan, CultureInfo.InvariantCulture), version.Groups["version"].Value)
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>(?<major>\d{1,3})[\w.]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex VersionOf { get; }
}
