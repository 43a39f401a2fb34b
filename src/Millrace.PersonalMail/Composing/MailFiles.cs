using System.Security.Cryptography;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.PersonalMail.Composing;

/// <summary>Files of a mail: what may be one, under which name, and where its bytes are kept.</summary>
internal static class MailFiles
{
    public const int MaxBytes = 10 * 1024 * 1024;
    public const int MaxTogether = 20 * 1024 * 1024;
    public const int MaxCount = 20;

    // What mailbox providers refuse anyway, and what harms who opens it.
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "ade", "adp", "apk", "appx", "bat", "bin", "cab", "chm", "cmd", "com", "cpl", "crt", "dll", "dmg", "exe", "hlp", "hta", "inf", "ins", "iso", "isp", "jar", "js", "jse",
        "lib", "lnk", "mdb", "mde", "msc", "msi", "msix", "msp", "mst", "nsh", "pcd", "pif", "ps1", "reg", "scr", "sct", "shb", "shs", "sys", "vb", "vba", "vbe", "vbs", "vhd", "vxd",
        "wsc", "wsf", "wsh", "wsl", "xll",
    };

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pdf"] = "application/pdf",
        ["txt"] = "text/plain",
        ["csv"] = "text/csv",
        ["png"] = "image/png",
        ["jpg"] = "image/jpeg",
        ["jpeg"] = "image/jpeg",
        ["gif"] = "image/gif",
        ["webp"] = "image/webp",
        ["zip"] = "application/zip",
        ["doc"] = "application/msword",
        ["xls"] = "application/vnd.ms-excel",
        ["ppt"] = "application/vnd.ms-powerpoint",
        ["docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ["xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ["pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ["ics"] = "text/calendar",
        ["odt"] = "application/vnd.oasis.opendocument.text",
        ["mp4"] = "video/mp4",
        ["mp3"] = "audio/mpeg",
    };

    /// <summary>A name that can be shown, stored and sent: no folders, nothing that is not to be seen, at most 150 characters.</summary>
    /// <exception cref="InvalidInputException">Of a kind that is not sent.</exception>
    public static string Name(string? given)
    {
        var last = (given ?? "").Replace('\\', '/').Split('/')[^1];
        // Marks that turn the direction of writing make "gpj.exe" look like a picture.
        var seen = new string([.. last.Where(c => !char.IsControl(c) && char.GetUnicodeCategory(c) is not (System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.Surrogate or System.Globalization.UnicodeCategory.OtherNotAssigned) && c is not ('"' or '<' or '>' or '|' or ':' or '*' or '?'))])
            .Trim(' ', '.');
        var name = seen.Length == 0 ? "file" : seen.Length > 150 ? seen[^150..].TrimStart(' ', '.') : seen;
        return Forbidden.Contains(Extension(name))
            ? throw new InvalidInputException("name", "file_forbidden", $"Files of the kind .{Extension(name).ToLowerInvariant()} are not sent: most mailboxes refuse them.")
            : name;
    }

    /// <summary>By its name only; what a browser could run is never said.</summary>
    public static string TypeOf(string name) => Types.GetValueOrDefault(Extension(name), "application/octet-stream");

    /// <summary>Stores the bytes once, however often they come. The row stays locked: who takes the last mail off it waits, and then sees this one.</summary>
    public static async Task<long> StoreAsync(AccountTransaction work, long accountId, byte[] content, DateTimeOffset now, CancellationToken cancellationToken) => await Sql.Of($"""
        insert into personal.file as f (account_id, hash, size, content, created_at) values ({accountId}, {SHA256.HashData(content)}, {content.Length}, {content}, {now})
        on conflict (account_id, hash) do update set created_at = f.created_at returning id
        """).FirstAsync<long>(work, cancellationToken);

    /// <summary>Takes files off mails. Bytes are shared by mails (see <see cref="StoreAsync"/>), so they go with the last one that has them.</summary>
    /// <param name="no">Of the only file to take; null: all.</param>
    /// <returns>How many were taken.</returns>
    public static async Task<int> RemoveAsync(NpgsqlTransaction transaction, long accountId, long[] mailIds, short? no, CancellationToken cancellationToken)
    {
        var gone = await Sql.Of($"""
            delete from personal.mail_file where account_id = {accountId} and mail_id = any ({mailIds}) and ({no} is null or no = {no}) returning file_id
            """).ListAsync<long>(transaction, cancellationToken);
        if (gone.Count > 0)
        {
            // Locked by a statement before: the deleting one then sees what others have meanwhile put on their mails.
            var files = gone.Distinct().ToArray();
            await Sql.Of($"select id from personal.file where account_id = {accountId} and id = any ({files}) order by id for update").ListAsync<long>(transaction, cancellationToken);
            await Sql.Of($"""
                delete from personal.file f where f.account_id = {accountId} and f.id = any ({files})
                  and not exists (select 1 from personal.mail_file m where m.account_id = f.account_id and m.file_id = f.id)
                """).ExecuteAsync(transaction, cancellationToken);
        }

        return gone.Count;
    }

    private static string Extension(string name) => name.LastIndexOf('.') is >= 0 and var dot ? name[(dot + 1)..].Trim() : "";
}
