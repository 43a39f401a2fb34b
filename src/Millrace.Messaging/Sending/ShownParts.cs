using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// The condition trees of a message's sections and blocks. Each distinct tree is asked once for all contacts of a batch, by the compiler that segments have;
/// a mail then only looks at bits. A tree that cannot be read any more holds for nobody.
/// </summary>
internal sealed class ShownParts
{
    /// <summary>Different trees a message may have.</summary>
    public const int Most = 60;

    private readonly IConditions _conditions;
    private readonly TimeProvider _clock;
    private readonly string _timeZone;
    private readonly (string Key, ConditionTree? Tree)[] _trees;

    private ShownParts(IConditions conditions, TimeProvider clock, string timeZone, (string Key, ConditionTree? Tree)[] trees) =>
        (_conditions, _clock, _timeZone, _trees) = (conditions, clock, timeZone, trees);

    public int Count => _trees.Length;

    /// <param name="trees">In their order: the first is <c>SHOW:1</c>.</param>
    /// <param name="timeZone">The account's.</param>
    /// <returns>Null when there are none.</returns>
    public static ShownParts? Of(IReadOnlyList<JsonElement> trees, IConditions conditions, TimeProvider clock, string timeZone) => trees.Count == 0
        ? null
        : new(conditions, clock, timeZone, [.. trees.Take(Most).Select(t => (KeyOf(t), Read(t, conditions)))]);

    public static async Task LoadAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long ContactId, CompiledMessage Message)> wanted, RecipientFacts facts,
        CancellationToken cancellationToken)
    {
        var questions =
            from w in wanted
            where w.Message.Shown is not null && w.ContactId != 0
            from part in w.Message.Shown!._trees
            where part.Tree is not null
            group (w.ContactId, Parts: w.Message.Shown!, part.Tree) by (w.AccountId, part.Key);
        foreach (var question in questions.ToList())
        {
            var (_, parts, tree) = question.First();
            facts.SetShown(
                question.Key.AccountId,
                question.Key.Key,
                await parts._conditions.MatchingAsync(
                    transaction, new SegmentContext(question.Key.AccountId, parts._clock.GetUtcNow(), parts._timeZone), tree!,
                    [.. question.Select(q => q.ContactId).Distinct()], cancellationToken));
        }
    }

    /// <summary>Bit n-1 says whether tree n holds. Who looks as nobody in particular sees everything.</summary>
    public ulong BitsOf(long accountId, long contactId, RecipientFacts facts)
    {
        if (contactId == 0)
        {
            return ulong.MaxValue;
        }

        var bits = 0UL;
        for (var i = 0; i < _trees.Length; i++)
        {
            bits |= facts.Shows(accountId, _trees[i].Key, contactId) ? 1UL << i : 0;
        }

        return bits;
    }

    /// <summary>The same for the same tree; short, for each mail looks it up.</summary>
    public static string KeyOf(JsonElement tree) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(tree.GetRawText())).AsSpan(0, 12));

    private static ConditionTree? Read(JsonElement tree, IConditions conditions)
    {
        try
        {
            return conditions.Parse(tree, "");
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
