using System.Diagnostics.CodeAnalysis;

namespace Millrace.Kernel.Postgres;

/// <summary>Who may enter a folder. The one place that calls what only Unix has.</summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "The embedded server is for Linux alone.")]
internal static class FolderMode
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the folder with mode 0700; one that exists keeps its mode.</summary>
    public static void CreatePrivate(string folder) => Directory.CreateDirectory(folder, Private);

    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public static void MakePrivate(string folder) => File.SetUnixFileMode(folder, Private);

    public static void LetGroupPass(string folder) => File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute);
}
