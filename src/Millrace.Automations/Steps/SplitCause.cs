using Millrace.Automations.Engine;

namespace Millrace.Automations.Steps;

/// <summary>Why a split sent a contact down a path, as it is kept; whoever shows it puts it into words.</summary>
internal static class SplitCause
{
    /// <summary><c>path</c>: it had taken that path here before.</summary>
    public const string Kept = "split_kept";

    /// <summary><c>path</c>: of an until split that is not over.</summary>
    public const string Before = "split_before";

    /// <summary><c>path</c>: what the split goes on until has come to pass.</summary>
    public const string Over = "split_over";

    /// <summary><c>path</c>: it has won the test.</summary>
    public const string Won = "split_won";

    /// <summary><c>path</c> lagged furthest behind its <c>share</c> (per cent): <c>taken</c> of <c>of</c> contacts before had taken it.</summary>
    public const string Turn = "split_turn";

    public static string OfKept(short path) => StepCause.Write(Kept, ("path", Letter(path)));

    /// <param name="counts">Contacts on each path before this one.</param>
    /// <param name="isOver">The split has its winner, or what it went on until has come to pass.</param>
    public static string Of(SplitAction.Settings settings, short path, long[] counts, bool isOver)
    {
        if (settings.Mode == SplitMode.Until)
        {
            return StepCause.Write(isOver ? Over : Before, ("path", Letter(path)));
        }

        if (isOver)
        {
            return StepCause.Write(Won, ("path", Letter(path)));
        }

        var share = settings.Mode == SplitMode.Weighted ? settings.Shares![path] : Math.Round(100m / settings.Count(), 1);
        return StepCause.Write(Turn, ("path", Letter(path)), ("taken", counts[path]), ("of", counts.Sum()), ("share", share));
    }

    private static string Letter(short path) => ((char)('A' + path)).ToString();
}
