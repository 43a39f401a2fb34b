using System.Globalization;
using System.Text;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <summary>What a new list is made from.</summary>
internal sealed record NewList(string Name, string? StringId = null, string SenderUrl = "", string Reminder = "", long? OwnerId = null);

internal static class ListCreation
{
    public const int MaxNameLength = 200;
    public const int MaxTextLength = 2_048;

    /// <summary>Makes a list; the machine name is made from the name when none is given.</summary>
    /// <returns>Its id. A taken name breaks <c>list_name_unique</c> or <c>list_string_id_unique</c> (409).</returns>
    public static async Task<long> InsertAsync(
        NpgsqlTransaction transaction, long accountId, NewList list, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var name = PersonText.Name(list.Name, MaxNameLength, "/name");
        var (url, reminder) = (PersonText.Line(list.SenderUrl, MaxTextLength, "/sender_url"), PersonText.Line(list.Reminder, MaxTextLength, "/reminder"));
        var slug = list.StringId is { Length: > 0 } given ? PersonText.Line(given, MaxNameLength, "/string_id") : Slug(name);
        // A made-up machine name gives way to a taken one; a given one does not.
        var free = list.StringId is { Length: > 0 }
            ? Sql.Of($"{slug}")
            : Sql.Of($"""
                (select case when exists (select 1 from contacts.list where account_id = {accountId} and string_id = {slug})
                        then {slug} || '-' || (select coalesce(max(id), 0) + 1 from contacts.list where account_id = {accountId}) else {slug} end)
                """);
        return await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, sender_url, reminder, owner_id, created_at, updated_at)
            values ({accountId}, {name}, {free}, {url}, {reminder}, {list.OwnerId}, {now}, {now})
            returning id
            """).FirstAsync<long>(transaction, cancellationToken);
    }

    /// <summary><c>Früh &amp; Spät</c> becomes <c>fruh-spat</c>.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "list" : text;
    }
}
