namespace Millrace.Api.Resources;

/// <summary>
/// What a resource's <c>links</c> member leads to, what <c>include=</c> loads beside it, and the route <c>resource/id/relation</c>: all three from this
/// one line. A target that no module has (deals without the CRM) answers in its empty shape.
/// </summary>
public sealed record V3Relation
{
    private V3Relation(string name, string root, bool isMany) => (Name, Root, IsMany) = (name, root, isMany);

    public string Name { get; }

    /// <summary>The member that holds the answer when there is nothing to show or no resource behind it.</summary>
    public string Root { get; }

    public bool IsMany { get; }

    /// <summary>Plural of the resource it leads to; null when it never leads anywhere here.</summary>
    public string? Target { get; private init; }

    /// <summary>Empty members that clients expect beside the answer.</summary>
    public IReadOnlyList<string> Beside { get; private init; } = [];

    /// <summary>What the link carries after the path, percent-encoded.</summary>
    public string LinkQuery { get; init; } = string.Empty;

    /// <summary>Its answer is paged with <c>meta</c>, because there may be millions.</summary>
    public bool Paged { get; init; }

    /// <summary>Its route is mapped by the module that can answer it; this is the link only.</summary>
    public bool Elsewhere { get; private init; }

    internal Func<object, long?>? IdOf { get; private init; }

    internal Func<object, V3Call, object?>? Make { get; private init; }

    /// <summary>Rows of another resource that belong to this one (<see cref="V3Resource{TRow}.Owners"/> there says by which column).</summary>
    /// <param name="target">Plural of that resource when it is not the relation's name.</param>
    public static V3Relation Many(string name, string? target = null, params IReadOnlyList<string> beside) =>
        new(name, target ?? name, isMany: true) { Target = target ?? name, Beside = beside };

    /// <summary>The one row of another resource that this one names.</summary>
    public static V3Relation One<TRow>(string name, string target, Func<TRow, long?> id) =>
        new(name, name, isMany: false) { Target = target, IdOf = row => id((TRow)row) };

    /// <summary>An object made of the row itself.</summary>
    public static V3Relation Made<TRow>(string name, string root, Func<TRow, V3Call, object?> make) =>
        new(name, root, isMany: false) { Make = (row, call) => make((TRow)row, call) };

    /// <summary>Leads to <c>{"name": null}</c>: the original has something there that this product has not.</summary>
    public static V3Relation Nothing(string name) => new(name, name, isMany: false);

    public static V3Relation OfAnotherModule(string name) => new(name, name, isMany: true) { Elsewhere = true };
}
