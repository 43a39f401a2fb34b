using Millrace.Kernel.Errors;

namespace Millrace.Segments.Parsing;

/// <summary>Everything that is wrong with a tree, up to a limit that no person reads past.</summary>
internal sealed class TreeErrors
{
    public const string Code = "filter_invalid";
    private const int Limit = 50;

    private readonly List<FieldError> _errors = [];

    public int Count => _errors.Count;

    public void Add(string pointer, string message)
    {
        if (_errors.Count < Limit)
        {
            _errors.Add(new FieldError(pointer.Length == 0 ? "/" : pointer, Code, message));
        }
    }

    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new InvalidInputException(_errors);
        }
    }
}

internal static class Pointers
{
    /// <summary>One step down; the two characters that mean something in a pointer are escaped (RFC 6901).</summary>
    public static string Down(this string pointer, string member) =>
        $"{pointer}/{member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Down(this string pointer, int index) => FormattableString.Invariant($"{pointer}/{index}");
}
