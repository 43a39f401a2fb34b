using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>Values of the tags that other modules add: each source is asked once for an account's part of the batch.</summary>
internal static class RecipientSources
{
    public static async Task LoadAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long ContactId, CompiledMessage Message)> wanted, RecipientFacts facts,
        CancellationToken cancellationToken)
    {
        var questions =
            from w in wanted
            where w.Message.Fields.Count > 0
            from source in (w.Message.Tags as TagCatalogue)?.Sources ?? []
            from name in source.Names.Intersect(w.Message.Fields, StringComparer.Ordinal)
            group (w.ContactId, name) by (w.AccountId, source.Source);
        foreach (var question in questions.ToList())
        {
            var values = await question.Key.Source.ValuesAsync(
                transaction,
                new TagQuestion(
                    question.Key.AccountId, [.. question.Select(q => q.ContactId).Distinct()], [.. question.Select(q => q.name).Distinct(StringComparer.Ordinal)]),
                cancellationToken);
            foreach (var value in values)
            {
                facts.AddField((question.Key.AccountId, value.ContactId), value.Name, value.Value);
            }
        }
    }
}
