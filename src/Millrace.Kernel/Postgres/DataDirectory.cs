using Millrace.Kernel.Errors;

namespace Millrace.Kernel.Postgres;

/// <summary>The folder that holds the embedded database, keys and uploads. Created with mode 0700; one server at a time.</summary>
public sealed class DataDirectory
{
    private DataDirectory(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Creates the folder where it is missing and proves that it can be written.</summary>
    /// <exception cref="StartupException">It cannot be created or written.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            FolderMode.CreatePrivate(full);
            var probe = System.IO.Path.Combine(full, $".probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new DataDirectory(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {full} is not writable for user {Environment.UserName}: {Reason(e)}", e);
        }
    }

    /// <summary>Held until disposed or until the process ends, however it ends.</summary>
    /// <exception cref="StartupException">Another process holds it.</exception>
    internal FileStream Lock()
    {
        var file = System.IO.Path.Combine(Path, "millrace.lock");
        try
        {
            // FileShare.None is flock(2) here: the kernel lets go of it when we die, so a stale file never blocks a start.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StartupException($"The data directory {Path} is in use by another Millrace process; stop that one first or choose another Millrace:DataDirectory.", e);
        }
    }

    private static string Reason(Exception e) => e.Message.ReplaceLineEndings(" ");
}
