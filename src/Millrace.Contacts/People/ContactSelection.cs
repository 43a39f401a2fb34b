using System.Text.Json;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.People;

/// <summary>Which contacts something is done with: these, or all that match. What is left out does not narrow.</summary>
/// <param name="ContactIds">Only these; at most 10,000.</param>
/// <param name="Filter">Only those a list with this filter would show.</param>
/// <param name="Conditions">Only those for whom this condition tree holds.</param>
/// <param name="Except">Not these; at most 10,000.</param>
internal record ContactSelection(
    IReadOnlyList<long>? ContactIds = null, ContactFilter? Filter = null, JsonElement? Conditions = null, IReadOnlyList<long>? Except = null)
{
    public const int MaxIds = 10_000;
    private const int MaxSearch = 500;

    /// <exception cref="InvalidInputException">Too many ids, or a search that cannot be.</exception>
    public void Check(string pointer)
    {
        foreach (var (ids, member) in new[] { (ContactIds, "contact_ids"), (Except, "except") })
        {
            if (ids is { Count: > MaxIds })
            {
                throw new InvalidInputException($"{pointer}/{member}", "too_many", $"At most {MaxIds} contacts by id.");
            }
        }

        if (Filter?.Text is { } text && (text.Length > MaxSearch || text.Contains('\0', StringComparison.Ordinal)))
        {
            throw new InvalidInputException($"{pointer}/filter/text", "too_long", $"At most {MaxSearch} characters.");
        }
    }

    /// <summary>A condition over the contact row <c>c</c>, account included.</summary>
    public async Task<Sql> ConditionAsync(
        AccountTransaction work, IContactConditions conditions, SegmentContext context, string pointer, CancellationToken cancellationToken)
    {
        List<Sql> all = [(Filter ?? new ContactFilter()).Where(context.AccountId)];
        if (ContactIds is not null)
        {
            all.Add(Sql.Of($"c.id = any({ContactIds})"));
        }

        if (Except is { Count: > 0 })
        {
            all.Add(Sql.Of($"c.id <> all({Except})"));
        }

        if (Conditions is { ValueKind: not JsonValueKind.Null } tree)
        {
            all.Add(await conditions.CompileAsync(work, context, tree, $"{pointer}/conditions", cancellationToken));
        }

        return Sql.Join(" and ", all);
    }
}
