using System.Globalization;

namespace Millrace.Messaging.Personalization;

/// <summary>A parsed <c>%IF ...%</c> expression.</summary>
internal abstract record Condition
{
    public abstract bool Holds(in RenderContext context);

    internal sealed record Not(Condition Inner) : Condition
    {
        public override bool Holds(in RenderContext context) => !Inner.Holds(context);
    }

    internal sealed record And(Condition Left, Condition Right) : Condition
    {
        public override bool Holds(in RenderContext context) => Left.Holds(context) && Right.Holds(context);
    }

    internal sealed record Or(Condition Left, Condition Right) : Condition
    {
        public override bool Holds(in RenderContext context) => Left.Holds(context) || Right.Holds(context);
    }

    internal sealed record HasTag(string Name) : Condition
    {
        public override bool Holds(in RenderContext context) => context.Tags.Contains(Name);
    }

    /// <summary>An operand by itself: true when it is neither empty nor 0.</summary>
    internal sealed record Filled(Operand Operand) : Condition
    {
        public override bool Holds(in RenderContext context) => Operand.Read(context) is not ("" or "0");
    }

    /// <summary>Numbers compare as numbers when both sides are, else as text without case.</summary>
    internal sealed record Compare(Operand Left, string Operator, Operand Right) : Condition
    {
        public override bool Holds(in RenderContext context)
        {
            var (left, right) = (Left.Read(context), Right.Read(context));
            var order = Number(left, out var a) && Number(right, out var b)
                ? a.CompareTo(b)
                : string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
            return Operator switch
            {
                "==" => order == 0,
                "!=" => order != 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        }

        private static bool Number(string text, out decimal number) =>
            decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>A literal, or a slot when <paramref name="Slot"/> is 0 or more.</summary>
internal sealed record Operand(string Literal, int Slot)
{
    public string Read(in RenderContext context) => Slot < 0 ? Literal : context.Values[Slot] ?? "";
}
