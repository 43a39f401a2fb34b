using System.Buffers;

namespace Millrace.Messaging.Transactional.Templating;

/// <summary>Reads a <see cref="ModelTemplate"/>. Whatever stands outside of double braces is text.</summary>
internal static class ModelTemplateParser
{
    private const int MaxNodes = 5_000;
    private const int MaxDepth = 10;
    private const int MaxPath = 200;
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$:. ");

    public static IReadOnlyList<TemplateNode> Parse(string source)
    {
        var open = new Stack<Frame>();
        open.Push(new Frame("", false, false, 0, []));
        var (at, count) = (0, 0);
        while (at < source.Length)
        {
            var brace = source.IndexOf("{{", at, StringComparison.Ordinal);
            if (brace < 0)
            {
                open.Peek().Nodes.Add(new TemplateText(source[at..]));
                break;
            }

            if (brace > at)
            {
                open.Peek().Nodes.Add(new TemplateText(source[at..brace]));
            }

            if (++count > MaxNodes)
            {
                throw Problem(source, brace, $"A template has at most {MaxNodes} places.");
            }

            at = Token(source, brace, open);
        }

        return open.Count == 1 ? open.Pop().Nodes : throw Problem(source, open.Peek().At, $"The section \"{open.Peek().Path}\" is not closed.");
    }

    private static int Token(string source, int at, Stack<Frame> open)
    {
        var isTriple = source.AsSpan(at).StartsWith("{{{");
        var close = isTriple ? "}}}" : "}}";
        var end = source.IndexOf(close, at + close.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Problem(source, at, "The braces are not closed.");
        }

        var inner = source[(at + close.Length)..end].Trim();
        var sign = isTriple || inner.Length == 0 ? '\0' : inner[0];
        switch (sign)
        {
            case '!':
                break;
            case '#' or '^':
                Open(source, at, inner, open);
                break;
            case '/':
                Close(source, at, inner[1..].Trim(), open);
                break;
            case '&':
                open.Peek().Nodes.Add(new TemplateValue(Path(source, at, inner[1..].Trim()), IsRaw: true));
                break;
            default:
                open.Peek().Nodes.Add(new TemplateValue(Path(source, at, inner), isTriple));
                break;
        }

        return end + close.Length;
    }

    private static void Open(string source, int at, string inner, Stack<Frame> open)
    {
        if (open.Count > MaxDepth)
        {
            throw Problem(source, at, $"Sections stand at most {MaxDepth} deep in each other.");
        }

        var name = inner[1..].Trim();
        var isEach = inner[0] == '#' && (name == "each" || name.StartsWith("each ", StringComparison.Ordinal));
        open.Push(new Frame(Path(source, at, isEach ? name[4..].Trim() : name), inner[0] == '^', isEach, at, []));
    }

    private static void Close(string source, int at, string name, Stack<Frame> open)
    {
        var frame = open.Count > 1 ? open.Pop() : throw Problem(source, at, $"Nothing is open here that \"{name}\" could close.");
        if (name != (frame.IsEach ? "each" : frame.Path) && !(frame.IsEach && name == frame.Path))
        {
            throw Problem(source, at, $"\"{(frame.IsEach ? "each" : frame.Path)}\" is to be closed here, not \"{name}\".");
        }

        var (line, column) = Place(source, frame.At);
        open.Peek().Nodes.Add(new TemplateSection(frame.Path, frame.IsInverted, frame.IsEach, frame.Nodes, line, column));
    }

    private static string Path(string source, int at, string path)
    {
        if (path == ModelTemplate.Content)
        {
            return path;
        }

        var name = path;
        while (name.StartsWith("../", StringComparison.Ordinal))
        {
            name = name[3..];
        }

        return name.Length is > 0 and <= MaxPath && !name.AsSpan().ContainsAnyExcept(PathCharacters) && !name.Contains("..", StringComparison.Ordinal)
            ? path
            : throw Problem(source, at, $"\"{(path.Length > 50 ? path[..50] : path)}\" is no name of a value.");
    }

    private static ModelTemplateException Problem(string source, int at, string message)
    {
        var (line, column) = Place(source, at);
        return new ModelTemplateException(line, column, message);
    }

    private static (int Line, int Column) Place(string source, int at)
    {
        var before = source.AsSpan(0, at);
        return (before.Count('\n') + 1, at - before.LastIndexOf('\n'));
    }

    private sealed record Frame(string Path, bool IsInverted, bool IsEach, int At, List<TemplateNode> Nodes);
}
