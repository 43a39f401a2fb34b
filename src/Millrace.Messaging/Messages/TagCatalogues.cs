using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>The tags of an account: those of the product, its own fields and message variables, and what other modules add.</summary>
internal sealed class TagCatalogues(IEnumerable<ITagSource> sources)
{
    /// <summary>Reads the field definitions of Contacts: they are what the tags are named after.</summary>
    public async Task<TagCatalogue> LoadAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        var fields = await Sql.Of($"""
            select key, name, type, default_value from contacts.field where account_id = {accountId} order by id
            """).ListAsync<Field>(transaction, cancellationToken);
        var variables = await Sql.Of($"select tag, name, content from messaging.variable where account_id = {accountId} order by id")
            .ListAsync<MessageVariable>(transaction, cancellationToken);
        var others = new List<(ITagSource, IReadOnlyList<SourceTag>)>();
        foreach (var source in sources)
        {
            others.Add((source, await source.TagsAsync(transaction, accountId, cancellationToken)));
        }

        return new TagCatalogue(
            fields.Select(f => new FieldTag(
                f.Key, f.Name, f.Type switch { "date" or "datetime" => TagType.Date, "textarea" => TagType.MultiLine, _ => TagType.Text }, f.Default)),
            variables, others);
    }

    private sealed record Field(string Key, string Name, string Type, string Default);
}
