using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a condition over a contact. Its key is what documents write as <c>field</c>; a family's stands before the colon of <c>list:NAME</c>.</summary>
public sealed class SegmentConditionAttribute(string key) : CatalogueEntryAttribute(key);

/// <summary>One kind of fact about a contact that segments, waits, goals and branches can ask for. <c>all</c>, <c>any</c>, <c>not</c> and the negative operators are the compiler's.</summary>
public abstract class SegmentCondition : CatalogueEntry
{
    public abstract ConditionKind Kind { get; }

    /// <summary>Negative ones included.</summary>
    public virtual IReadOnlyList<ConditionOp> Ops => ConditionOps.Of(Kind);

    /// <summary>Key of the <see cref="ReferenceSource"/> of a family's argument (<c>list:NAME</c>); null for a plain condition.</summary>
    public virtual string? Argument => null;

    /// <summary>Key of the <see cref="ReferenceSource"/> of the values; null when they are plain.</summary>
    public virtual string? Source => null;

    /// <summary>The values it takes; none when any is good.</summary>
    public virtual IReadOnlyList<ConditionChoice> Choices => [];

    /// <summary>Further members a leaf may have.</summary>
    public virtual IReadOnlyList<ConditionOption> Options => [];

    /// <summary>Why it cannot be asked on this server, and what to do about it, for people; null when it can.</summary>
    public virtual string? Unavailable => null;

    /// <summary>What is wrong with the further members of a leaf beyond their choices: which, and a sentence. Null when all is well.</summary>
    public virtual (string Member, string Message)? Fault(ConditionLeaf leaf) => null;

    /// <summary>What the further members add to the rule in words, with a space before it: <c> in the contact's time zone</c>.</summary>
    public virtual string Tail(ConditionLeaf leaf) => string.Empty;

    /// <summary>
    /// A boolean expression over the contact row <c>c</c> (<c>contacts.contact</c>). Never null, so that its opposite is exact: a column that
    /// can be null is asked for <c>is not null</c> first. Every join says <c>account_id</c>.
    /// </summary>
    public abstract Sql Compile(ConditionLeaf leaf, SegmentContext context);

    /// <summary>
    /// A select of one column <c>contact_id</c>: the contacts for whom the leaf holds, every one of them a contact of the account
    /// (by foreign key). Counts begin with it. Null where there is no such select, or none that is quicker than asking each contact.
    /// </summary>
    public virtual Sql? Members(ConditionLeaf leaf, SegmentContext context) => null;

    /// <summary>Whether <see cref="Members"/> names each contact once.</summary>
    public virtual bool NamesEachOnce(ConditionLeaf leaf) => true;

    /// <summary>Kinds of activities after which its answer may be another one. Waits and goals look again when one happens.</summary>
    public abstract IEnumerable<string> ActivityKinds(ConditionLeaf leaf);

    /// <summary>Whether its answer can change by the passing of time alone.</summary>
    public virtual bool IsTimeDependent(ConditionLeaf leaf) => leaf.Value.IsRelative;

    /// <summary>
    /// What there is to compare with, as a text expression over <c>c</c> for people who ask why a contact matches; null where the contact has nothing,
    /// and <see cref="Sql.Empty"/> where nothing can be shown.
    /// </summary>
    public virtual Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Empty;

    /// <summary>For a family: what the account has, one entry per argument.</summary>
    public virtual Task<List<ConditionVariant>> VariantsAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Task.FromResult(new List<ConditionVariant>());
}

/// <summary>A value to choose.</summary>
public sealed record ConditionChoice(string Value, string Label);

/// <summary>
/// A further member of a leaf, such as the zone in which "now" is meant. It takes one of the choices, and the first is meant when it is absent; without
/// choices it is a text.
/// </summary>
/// <param name="Type">Editor of the form where it is neither of these: <c>step</c>, a step of the automation the leaf names.</param>
public sealed record ConditionOption(string Key, string Label, IReadOnlyList<ConditionChoice> Choices, string? Type = null);

/// <summary>One member of a family, as the account has it: a list, a custom field.</summary>
public sealed record ConditionVariant(long Id, string Name, ConditionKind Kind, IReadOnlyList<ConditionOp> Ops, IReadOnlyList<ConditionChoice> Choices);
