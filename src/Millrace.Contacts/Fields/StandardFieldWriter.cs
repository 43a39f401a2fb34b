using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>Sets one standard field on many contacts and tells what really changed. The texts have been checked.</summary>
internal sealed class StandardFieldWriter(IActivityLog activities, TimeProvider clock)
{
    public async Task WriteAsync(
        NpgsqlTransaction transaction, long accountId, StandardField field, IReadOnlyDictionary<long, string> texts,
        CancellationToken cancellationToken, ActivityOrigin? origin = null)
    {
        var column = Column(field);
        var changes = await Sql.Of($"""
            with before as (
                select c.id, c.{column} as was, g.text
                from unnest({texts.Keys.ToArray()}, {texts.Values.ToArray()}) g (id, text)
                join contacts.contact c on c.account_id = {accountId} and c.id = g.id
                order by c.id for no key update of c)
            update contacts.contact c set {column} = b.text, updated_at = {clock.GetUtcNow()}
            from before b
            where c.account_id = {accountId} and c.id = b.id and b.was is distinct from b.text
            returning c.id, nullif(b.was, ''), nullif(b.text, '')
            """).ListAsync<Change>(transaction, cancellationToken);
        await activities.AppendAsync(
            transaction, accountId, [.. changes.Select(c => new FieldChanged(c.ContactId, FieldId: null, field.Key, c.From, c.To))], cancellationToken, origin);
    }

    /// <summary>The column of contacts.contact.</summary>
    public static Sql Column(StandardField field) => field.Key switch
    {
        "email" => Sql.Of($"email"),
        "first_name" => Sql.Of($"first_name"),
        "last_name" => Sql.Of($"last_name"),
        "phone" => Sql.Of($"phone"),
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private sealed record Change(long ContactId, string? From, string? To);
}
