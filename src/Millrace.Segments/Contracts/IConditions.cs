using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Segments.Contracts;

/// <summary>
/// Condition trees: one meaning for segments, branches, waits, goals and conditional content. A tree becomes one SQL expression; asked about
/// a batch of contacts or about all of them it is the same expression.
/// </summary>
public interface IConditions
{
    /// <summary>Reads a tree in its stored form, strictly, and says everything that is wrong with it at once.</summary>
    /// <param name="pointer">JSON pointer of the tree inside the document it came in; errors are told relative to the document.</param>
    /// <exception cref="InvalidInputException">422 <c>filter_invalid</c>.</exception>
    ConditionTree Parse(JsonElement tree, string pointer);

    /// <summary>
    /// The tree with the trees of saved segments in the place of their names, as they are now: for <see cref="Compile"/>, <see cref="ActivityKinds"/> and
    /// <see cref="IsTimeDependent"/>, which do not see into segments otherwise. Costs nothing where none is named. All else here resolves by itself.
    /// </summary>
    /// <exception cref="InvalidInputException">With the segments it names the tree has grown too large.</exception>
    ValueTask<ConditionTree> ResolveAsync(NpgsqlTransaction transaction, long accountId, ConditionTree tree, CancellationToken cancellationToken);

    /// <summary>A boolean expression over the contact row <c>c</c> (<c>contacts.contact</c>); never null.</summary>
    /// <exception cref="InvalidInputException">A <c>step</c> is named outside of an automation.</exception>
    Sql Compile(ConditionTree tree, SegmentContext context);

    /// <summary>The statement that counts the contacts of the account for whom a tree holds; one row of one <c>bigint</c>.</summary>
    Task<Sql> CompileCountAsync(NpgsqlTransaction transaction, ConditionTree tree, SegmentContext context, CancellationToken cancellationToken);

    /// <summary>The kinds of activities after which the answer may be another one.</summary>
    IReadOnlySet<string> ActivityKinds(ConditionTree tree);

    /// <summary>Whether the answer can change by the passing of time alone.</summary>
    bool IsTimeDependent(ConditionTree tree);

    /// <summary>Those of the contacts for whom the tree holds.</summary>
    Task<HashSet<long>> MatchingAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, long[] contactIds, CancellationToken cancellationToken);

    /// <summary>How many contacts of the account match.</summary>
    Task<long> CountAsync(NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, CancellationToken cancellationToken);

    /// <summary>How many contacts of the account match, and the newest of them; where it can be, from one look.</summary>
    /// <param name="limit">Contacts to show.</param>
    Task<SegmentPreview> PreviewAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, int limit, CancellationToken cancellationToken);

    /// <summary>Some of the matching contacts, newest first.</summary>
    /// <param name="count">How many match, where that is known: few are found from their conditions, many from the newest contact down.</param>
    Task<List<SampleContact>> SampleAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, int limit, CancellationToken cancellationToken, long? count = null);

    /// <summary>For each leaf, in the order of the document: does it hold for the contact, and what was found?</summary>
    /// <exception cref="NotFoundException">There is no such contact.</exception>
    Task<List<LeafAnswer>> ExplainAsync(
        AccountTransaction work, SegmentContext context, ConditionTree tree, long contactId, CancellationToken cancellationToken);

    /// <summary>
    /// For each leaf, in the order of the document: does it hold for the contacts, and what was found? One statement for all of them. What was found is cut to
    /// <see cref="LeafFinding.MaxFound"/> characters. Contacts that are gone are left out.
    /// </summary>
    Task<Dictionary<long, LeafFinding[]>> FindingsAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, long[] contactIds, CancellationToken cancellationToken);

    /// <summary>The leaves in words, in the order of <see cref="FindingsAsync"/>.</summary>
    /// <param name="stepOf">Name of a step of the automation in which the tree stands; null where it is gone.</param>
    Task<List<string>> WordsAsync(AccountTransaction work, long accountId, ConditionTree tree, Func<string, string?> stepOf, CancellationToken cancellationToken);

    /// <summary>Turns the names in a document's tree into ids. What it does not understand it leaves as it is, for <see cref="Parse"/> to refuse.</summary>
    /// <param name="names">Says whether missing things are made, and collects those that were not found.</param>
    Task<JsonElement> ToIdsAsync(
        AccountTransaction work, long accountId, JsonElement tree, string pointer, NameResolution names, CancellationToken cancellationToken);

    /// <summary>Turns the ids in a stored tree into names, for a document. A thing that is gone becomes <c>(deleted 7)</c>.</summary>
    Task<JsonElement> ToNamesAsync(AccountTransaction work, long accountId, JsonElement tree, CancellationToken cancellationToken);

    /// <summary>The things the tree points to, each once.</summary>
    IReadOnlyList<TreeReference> References(ConditionTree tree);

    /// <summary>The rule in words: <c>Tag is VIP and Opened an e-mail in the last 30 days</c>.</summary>
    /// <param name="nameOf">Name of the thing of a source with an id.</param>
    string Describe(ConditionTree tree, Func<string, long, string> nameOf);

    /// <inheritdoc cref="Describe"/>
    Task<string> DescribeAsync(AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken);

    /// <summary>The names of all things the trees point to; a thing that is gone is not among them.</summary>
    Task<IReadOnlyDictionary<(string Source, long Id), string>> NamesAsync(
        AccountTransaction work, long accountId, IReadOnlyList<ConditionTree> trees, CancellationToken cancellationToken);

    /// <summary>What does not fit the account: things that are gone, or a text where a custom field holds numbers.</summary>
    Task<IReadOnlyList<FieldError>> CheckAsync(AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken);
}

/// <summary>What one leaf found of one contact.</summary>
/// <param name="Holds">Of a condition under a <c>not</c>: before it is turned round.</param>
/// <param name="Found">What the contact has, for people; null where it has nothing, or where nothing can be shown.</param>
public readonly record struct LeafFinding(bool Holds, string? Found)
{
    public const int MaxFound = 100;
}

/// <summary>A thing a tree points to.</summary>
/// <param name="Source">Key of the <see cref="ReferenceSource"/>.</param>
/// <param name="Pointer">Where it is named first.</param>
public sealed record TreeReference(string Source, long Id, string Pointer);

/// <summary>A matching contact.</summary>
public sealed record SampleContact(long Id, string? Email, string Name);

/// <summary>How many contacts match.</summary>
/// <param name="Sample">The newest of them, newest first.</param>
public sealed record SegmentPreview(long Count, List<SampleContact> Sample);

/// <summary>Whether one leaf holds for one contact.</summary>
/// <param name="Pointer">Where the leaf stands: JSON pointer into the tree it belongs to.</param>
/// <param name="Words">The condition in words.</param>
/// <param name="Found">What the contact has, for people; null where it has nothing, or where nothing can be shown.</param>
/// <param name="Segments">Of a condition about saved segments: each of them with its own leaves.</param>
public sealed record LeafAnswer(string Pointer, bool Holds, string Words, string? Found = null, IReadOnlyList<SegmentAnswer>? Segments = null);

/// <summary>Whether a saved segment contains the contact, and why.</summary>
public sealed record SegmentAnswer(long Id, string Name, bool Holds, IReadOnlyList<LeafAnswer> Leaves);

/// <summary>How names become ids during an import, and what came of it.</summary>
/// <param name="Create">Missing things are made where their source can.</param>
/// <param name="Now">Product time, for what is made.</param>
public sealed record NameResolution(bool Create, DateTimeOffset Now)
{
    /// <summary>What stands for what: by source and name in the document the name to look for instead.</summary>
    public IReadOnlyDictionary<(string Source, string Name), string> Use { get; init; } = new Dictionary<(string Source, string Name), string>();

    /// <summary>Numbers are taken for ids; they are checked later, as those of any draft.</summary>
    public bool AcceptsIds { get; init; }

    /// <summary>The things behind <see cref="Missing"/>.</summary>
    public List<MissingName> MissingNames { get; } = [];

    /// <summary>One error, code <c>reference_missing</c>, for each name that was not found.</summary>
    public List<FieldError> Missing { get; } = [];

    /// <summary>What was made.</summary>
    public List<(string Source, Reference Made)> Created { get; } = [];

    /// <summary>The name to look for.</summary>
    public string Of(string source, string name) => Use.GetValueOrDefault((source, name.Trim())) is { Length: > 0 } other ? other : name;

    /// <summary>Notes that a name was not found.</summary>
    public void Miss(string source, string name, string pointer, bool inConditions)
    {
        MissingNames.Add(new MissingName(source, name.Trim(), pointer, inConditions));
        Missing.Add(new FieldError(pointer, "reference_missing", $"There is no {source} named “{name}”."));
    }
}

/// <summary>A name that was not found.</summary>
/// <param name="Source">Key of the <see cref="ReferenceSource"/>.</param>
/// <param name="Pointer">JSON pointer of the place.</param>
/// <param name="InConditions">It stands in a condition tree, which cannot do without it.</param>
public sealed record MissingName(string Source, string Name, string Pointer, bool InConditions);
