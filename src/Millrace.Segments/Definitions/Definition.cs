using System.Text.Json;
using Millrace.Kernel.Errors;

namespace Millrace.Segments.Definitions;

/// <summary>A segment as API v3 describes it, and the tree it stands for.</summary>
/// <param name="Body">Conditions, groups and their operator, under the names of <c>segmentsV2</c>.</param>
/// <param name="Places">Where each part of the tree came from in the request, the tree's pointers first.</param>
internal sealed record Definition(JsonElement Body, JsonElement Tree, IReadOnlyList<(string At, string Source)> Places)
{
    /// <summary>Pointer under which the tree is parsed; <see cref="Told"/> turns it back.</summary>
    public const string Pointer = "/conditions";

    /// <summary>The errors of the tree, told at the places of the request.</summary>
    public InvalidInputException Told(InvalidInputException tree) =>
        new([.. tree.Errors.Select(e => e with { Path = Place(e.Path) })]);

    private string Place(string path)
    {
        if (!path.StartsWith(Pointer, StringComparison.Ordinal))
        {
            return path is "/name" or "/description" ? Root + path : path;
        }

        var inTree = path[Pointer.Length..];
        var (at, source) = Places
            .Where(p => inTree.StartsWith(p.At, StringComparison.Ordinal) && (inTree.Length == p.At.Length || inTree[p.At.Length] == '/'))
            .MaxBy(p => p.At.Length);
        return source is null ? Root : source + inTree[at.Length..];
    }

    /// <summary>Pointer of the attributes in the request.</summary>
    public required string Root { get; init; }
}
