using System.Globalization;

namespace Millrace.Kernel.Postgres;

/// <summary>
/// The unprivileged user PostgreSQL runs as when we are root (it refuses root): <c>postgres</c> where that exists, else <c>nobody</c>.
/// </summary>
internal sealed record ServiceUser(string Name, int UserId, int GroupId)
{
    /// <summary>Null when this process is not root: then the server simply runs as we do.</summary>
    public static ServiceUser? ForThisProcess()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToArray();
        var user = users.FirstOrDefault(fields => fields[0] is "postgres") ?? users.FirstOrDefault(fields => fields[0] is "nobody");
        return user is null
            ? new ServiceUser("65534", 65534, 65534)
            : new ServiceUser(user[0], int.Parse(user[2], CultureInfo.InvariantCulture), int.Parse(user[3], CultureInfo.InvariantCulture));
    }

    /// <summary>Options of <c>setpriv</c> (util-linux, on every Debian) that become this user.</summary>
    public IEnumerable<string> SetprivOptions =>
        [string.Create(CultureInfo.InvariantCulture, $"--reuid={UserId}"), string.Create(CultureInfo.InvariantCulture, $"--regid={GroupId}"), "--clear-groups"];

    /// <summary>Whether this user gets through all folders above <paramref name="path"/> and may enter or run it.</summary>
    public async Task<bool> ReachesAsync(string path, CancellationToken cancellationToken) =>
        (await Tool.RunAsync("setpriv", [.. SetprivOptions, "test", "-x", path], cancellationToken)).ExitCode == 0;

    public async Task TakeOverAsync(string path, CancellationToken cancellationToken) =>
        (await Tool.RunAsync(
            "chown", ["-R", "-h", string.Create(CultureInfo.InvariantCulture, $"{UserId}:{GroupId}"), path], cancellationToken)).EnsureSuccess();

    /// <summary>Lets this user's group pass through a folder of ours (mode 0710) without letting it list the folder.</summary>
    public async Task OpenPassageAsync(string folder, CancellationToken cancellationToken)
    {
        (await Tool.RunAsync("chgrp", [GroupId.ToString(CultureInfo.InvariantCulture), folder], cancellationToken)).EnsureSuccess();
        FolderMode.LetGroupPass(folder);
    }
}
