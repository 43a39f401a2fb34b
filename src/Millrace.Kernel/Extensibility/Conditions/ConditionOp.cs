using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>Operators of conditions; in documents they are snake_case. The negative ones are made by the compiler: a condition only ever sees the positive ones.</summary>
public enum ConditionOp
{
    Is,
    IsNot,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    Blank,
    NotBlank,
    Gt,
    Gte,
    Lt,
    Lte,
    Between,
    InLast,
    InNext,
    Anniversary,
    Has,
    HasNot,
    HasAny,
    HasAll,
    HasNone,
    In,
    NotIn,
}

/// <summary>What kind of value a condition compares; decides the operators and the shape of the value.</summary>
public enum ConditionKind
{
    /// <summary>Compared ignoring case.</summary>
    Text,
    Number,

    /// <summary>A day, compared with days.</summary>
    Date,

    /// <summary>An instant; compared with instants, or with days in the account's zone.</summary>
    Datetime,

    /// <summary>One of a known set of words.</summary>
    Option,

    /// <summary>Several of a set of words.</summary>
    Many,

    /// <summary>One thing of a <see cref="ReferenceSource"/>.</summary>
    Reference,

    /// <summary>Several things of a <see cref="ReferenceSource"/>, such as tags.</summary>
    References,

    /// <summary>Belonging to one of some things of a <see cref="ReferenceSource"/>, such as saved segments.</summary>
    Membership,

    /// <summary>A time of day, <c>HH:mm</c>.</summary>
    Time,

    /// <summary>Known per account only (custom fields): the literal decides, a number is compared as a number, a date as a date.</summary>
    Any,
}

public static class ConditionOps
{
    private static readonly ConditionOp[] Text =
    [
        ConditionOp.Is, ConditionOp.IsNot, ConditionOp.Contains, ConditionOp.NotContains, ConditionOp.StartsWith, ConditionOp.EndsWith,
        ConditionOp.Blank, ConditionOp.NotBlank,
    ];

    private static readonly ConditionOp[] Number =
        [ConditionOp.Is, ConditionOp.IsNot, ConditionOp.Gt, ConditionOp.Gte, ConditionOp.Lt, ConditionOp.Lte, ConditionOp.Between];

    private static readonly ConditionOp[] Date = [.. Number, ConditionOp.InLast, ConditionOp.InNext, ConditionOp.Anniversary];

    private static readonly ConditionOp[] Blank = [ConditionOp.Blank, ConditionOp.NotBlank];

    private static readonly ConditionOp[] Option = [ConditionOp.Is, ConditionOp.IsNot, .. Blank];

    private static readonly ConditionOp[] Many = [ConditionOp.HasAny, ConditionOp.HasAll, ConditionOp.HasNone];

    private static readonly ConditionOp[] References = [ConditionOp.Has, ConditionOp.HasNot, .. Many];

    private static readonly ConditionOp[] Membership = [ConditionOp.In, ConditionOp.NotIn];

    private static readonly ConditionOp[] Any =
        [.. Text, ConditionOp.Gt, ConditionOp.Gte, ConditionOp.Lt, ConditionOp.Lte, ConditionOp.Between, .. Date[^3..], .. Many];

    /// <summary>The operators a value of this kind has, in the order in which pickers show them.</summary>
    public static IReadOnlyList<ConditionOp> Of(ConditionKind kind) => kind switch
    {
        ConditionKind.Text => Text,
        ConditionKind.Number or ConditionKind.Time => Number,
        ConditionKind.Date or ConditionKind.Datetime => Date,
        ConditionKind.Option or ConditionKind.Reference => Option,
        ConditionKind.Many => Many,
        ConditionKind.References => References,
        ConditionKind.Membership => Membership,
        ConditionKind.Any => Any,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    /// <summary>The operators of a custom field whose type is known, blank ones included.</summary>
    public static IReadOnlyList<ConditionOp> WithBlank(ConditionKind kind) => [.. Of(kind).Except(Blank), .. Blank];

    /// <summary>The operator of which this one is the exact opposite, so "is not" holds wherever "is" does not, contacts without data included.</summary>
    public static (ConditionOp Positive, bool Negated) Split(ConditionOp op) => op switch
    {
        ConditionOp.IsNot => (ConditionOp.Is, true),
        ConditionOp.NotContains => (ConditionOp.Contains, true),
        ConditionOp.NotBlank => (ConditionOp.Blank, true),
        ConditionOp.HasNot => (ConditionOp.Has, true),
        ConditionOp.HasNone => (ConditionOp.HasAny, true),
        ConditionOp.NotIn => (ConditionOp.In, true),
        _ => (op, false),
    };

    /// <summary>What documents call it.</summary>
    public static string NameOf(ConditionOp op) => EnumNames<ConditionOp>.NameOf(op);

    /// <summary>Words for pickers and sentences: <c>is after</c>.</summary>
    public static string Label(ConditionOp op, ConditionKind kind)
    {
        var dated = kind is ConditionKind.Date or ConditionKind.Datetime or ConditionKind.Time;
        return op switch
        {
            ConditionOp.Is when kind is ConditionKind.Date => "is on",
            ConditionOp.IsNot when kind is ConditionKind.Date => "is not on",
            ConditionOp.Gt => dated ? "is after" : "is greater than",
            ConditionOp.Gte => dated ? "is on or after" : "is at least",
            ConditionOp.Lt => dated ? "is before" : "is less than",
            ConditionOp.Lte => dated ? "is on or before" : "is at most",
            ConditionOp.NotContains => "does not contain",
            ConditionOp.StartsWith => "starts with",
            ConditionOp.EndsWith => "ends with",
            ConditionOp.IsNot => "is not",
            ConditionOp.Blank => "is blank",
            ConditionOp.NotBlank => "is not blank",
            ConditionOp.Between => "is between",
            ConditionOp.InLast => "is in the last",
            ConditionOp.InNext => "is in the next",
            ConditionOp.Anniversary => "has its anniversary",
            ConditionOp.Has => "is",
            ConditionOp.HasNot => "is not",
            ConditionOp.HasAny => "is any of",
            ConditionOp.HasAll => "is all of",
            ConditionOp.HasNone => "is none of",
            ConditionOp.In => "contains the contact",
            ConditionOp.NotIn => "does not contain the contact",
            _ => NameOf(op),
        };
    }
}
