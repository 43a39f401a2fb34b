using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Contacts.Paging;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Timeline;

/// <summary><c>GET /api/app/contacts/{id}/activities</c>: what happened, newest first, with the names of what it was about.</summary>
internal sealed class ContactTimeline : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("contacts/{id:long}/activities", Handle).WithName("contact_activities").RequirePermission(Permission.ViewContacts);

    /// <param name="Title">What kind of thing happened, for example "Tag added".</param>
    /// <param name="Detail">What it was about, by its present name; null when it is about nothing or that is gone.</param>
    /// <param name="Data">All members of the activity.</param>
    internal sealed record TimelineEntry(
        long Id, string Kind, string Title, string Group, string? Detail, DateTimeOffset OccurredAt, long? AutomationId, string? StepKey, JsonElement Data);

    internal sealed record TimelinePage(IReadOnlyList<TimelineEntry> Items, string? NextCursor);

    /// <param name="kinds">Divided by commas; absent: all.</param>
    private static async Task<Ok<TimelinePage>> Handle(
        long id, string? cursor, string? kinds, int? limit, CurrentAccount account, NpgsqlDataSource database, Cursors cursors, ActivityKinds known,
        Catalogue<ReferenceSource> sources, CancellationToken cancellationToken)
    {
        var size = Cursors.Limit(limit);
        var listing = $"activities {account.Id} {id} {kinds}";
        var after = cursors.Read(listing, cursor);
        var only = string.IsNullOrEmpty(kinds) ? Sql.Empty : Sql.Of($"and kind = any({kinds.Split(',', StringSplitOptions.RemoveEmptyEntries)})");
        var beyond = after is null ? Sql.Empty : Sql.Of($"and (occurred_at, id) < ({Instant(after.Key!)}, {after.Id})");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await ContactExists.CheckAsync(work, account.Id, id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, kind, subject_id, automation_id, step_key, occurred_at, data
            from activities.activity
            where account_id = {account.Id} and contact_id = {id} {only} {beyond}
            order by occurred_at desc, id desc
            limit {size + 1}
            """).ListAsync<Row>(work, cancellationToken);
        var page = rows.Take(size).ToArray();
        var names = await NamesAsync(work, account.Id, page, known, sources, cancellationToken);
        var next = rows.Count > size ? cursors.Write(listing, new Position(page[^1].Id, Micros(page[^1].OccurredAt))) : null;
        return TypedResults.Ok(new TimelinePage([.. page.Select(r => Entry(r, known.Find(r.Kind), names))], next));
    }

    private static TimelineEntry Entry(Row row, ActivityKind? kind, IReadOnlyDictionary<(string, long), string> names) => new(
        row.Id, row.Kind, kind?.Title ?? row.Kind, kind?.Group ?? string.Empty, Detail(row, kind, names), row.OccurredAt, row.AutomationId, row.StepKey, row.Data);

    private static string? Detail(Row row, ActivityKind? kind, IReadOnlyDictionary<(string, long), string> names)
    {
        var subject = row.SubjectId is { } id && kind is not null ? names.GetValueOrDefault((kind.SubjectSource, id)) : null;
        if (row.Kind != "field.changed")
        {
            return subject;
        }

        var field = subject ?? Text(row.Data, "field");
        return $"{Fields.StandardField.All.FirstOrDefault(f => f.Key == field)?.Name ?? field}: {Shown(Text(row.Data, "from"))} → {Shown(Text(row.Data, "to"))}";
    }

    /// <summary>The names of all subjects of the page, one query per source.</summary>
    private static async Task<Dictionary<(string, long), string>> NamesAsync(
        AccountTransaction work, long accountId, Row[] rows, ActivityKinds known, Catalogue<ReferenceSource> sources, CancellationToken cancellationToken)
    {
        var names = new Dictionary<(string, long), string>();
        foreach (var group in rows.Where(r => r.SubjectId is not null).GroupBy(r => known.Find(r.Kind)?.SubjectSource ?? string.Empty, StringComparer.Ordinal))
        {
            if (sources.Find(group.Key) is { } source)
            {
                foreach (var reference in await source.ByIdsAsync(
                    work, accountId, [.. group.Select(r => r.SubjectId!.Value).Distinct()], cancellationToken))
                {
                    names[(group.Key, reference.Id)] = reference.Name;
                }
            }
        }

        return names;
    }

    private static string? Text(JsonElement data, string member) =>
        data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Shown(string? text) => text switch
    {
        null => "–",
        { Length: > 200 } => text[..200] + "…",
        _ => text.StartsWith("||", StringComparison.Ordinal) ? text.Trim('|').Replace("||", ", ", StringComparison.Ordinal) : text,
    };

    private static string Micros(DateTimeOffset instant) =>
        ((instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(long.Parse(micros, CultureInfo.InvariantCulture));

    private sealed record Row(
        long Id, string Kind, long? SubjectId, long? AutomationId, string? StepKey, DateTimeOffset OccurredAt, JsonElement Data);
}
