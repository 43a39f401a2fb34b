using System.Globalization;

namespace Millrace.Automations.Steps;

/// <summary>Tells people why a split sent a contact down a path.</summary>
internal static class SplitWords
{
    public static char Letter(short path) => (char)('A' + path);

    /// <param name="counts">Contacts on each path before this one.</param>
    /// <param name="isOver">The split has its winner, or what it went on until has come to pass.</param>
    public static string Why(SplitAction.Settings settings, short path, long[] counts, bool isOver)
    {
        var letter = Letter(path);
        if (settings.Mode == SplitMode.Until)
        {
            return isOver ? $"What the split goes on until has come to pass: everybody new takes path {letter}." : $"Everybody takes path {letter} until the split is over.";
        }

        if (isOver)
        {
            return $"Path {letter} has won the test: everybody new takes it.";
        }

        var share = settings.Mode == SplitMode.Weighted ? settings.Shares![path] : 100d / settings.Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"It was path {letter}'s turn: {counts[path]:N0} of {counts.Sum():N0} contacts before had taken it, and its share is {share:0.#} %.");
    }
}
