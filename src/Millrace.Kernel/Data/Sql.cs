using System.Globalization;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>
/// SQL text plus parameters, and the only road from C# to SQL text: a hole is a parameter or a nested fragment, never text.
/// Identifiers and sort directions come from our own enums as constant fragments.
/// </summary>
public sealed partial class Sql
{
    private readonly List<(string? Text, NpgsqlParameter? Value)> _parts = [];

    /// <summary>A fragment without text.</summary>
    public static readonly Sql Empty = new();

    public static Sql Of(Handler handler) => handler.Target;

    /// <summary>Joins fragments with a constant separator, for example <c>" and "</c>.</summary>
    public static Sql Join([ConstantExpected] string separator, IEnumerable<Sql> fragments)
    {
        var joined = new Sql();
        foreach (var fragment in fragments)
        {
            if (joined._parts.Count > 0)
            {
                joined._parts.Add((separator, null));
            }

            joined._parts.AddRange(fragment._parts);
        }

        return joined;
    }

    public bool IsEmpty => _parts.Count == 0;

    /// <summary>The text with <c>$1, $2 ...</c>; numbered only here, so fragments nest freely.</summary>
    public override string ToString()
    {
        var (sql, number) = (new StringBuilder(), 0);
        foreach (var (text, value) in _parts)
        {
            if (value is null)
            {
                sql.Append(text);
            }
            else
            {
                sql.Append(CultureInfo.InvariantCulture, $"${++number}");
            }
        }

        return sql.ToString();
    }

    /// <summary>The parameter values in order, for tests that look at what would be sent.</summary>
    public IReadOnlyList<object?> Values => [.. _parts.Where(p => p.Value is not null).Select(p => p.Value!.Value)];

    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        public Handler(int literalLength, int formattedCount) => Target = new Sql();

        internal Sql Target { get; }

        public void AppendLiteral(string text) => Target._parts.Add((text, null));

        public void AppendFormatted(Sql fragment) => Target._parts.AddRange(fragment._parts);

        public void AppendFormatted<T>(T value) => Target._parts.Add((null, SqlParameter.Of(value)));
    }
}
