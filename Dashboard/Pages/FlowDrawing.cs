using System.Globalization;
using AspireGateway.Dashboard.Traces.Flow;

namespace AspireGateway.Dashboard.Pages;

/// <summary>Where things are in the sequence diagram, and how they are called.</summary>
internal sealed class FlowDrawing(FlowDiagram diagram)
{
    public const int Gutter = 74;
    public const int Column = 200;
    public const int Row = 46;
    public const int Top = 62;

    public int Width => Gutter + diagram.Participants.Count * Column;

    public int Height => Top + diagram.Legs.Count * Row + 16;

    public static string Name(Participant participant) =>
        participant switch
        {
            Participant.Client => "Client",
            Participant.Gateway => "Gateway",
            Participant.IdentityProvider => "Identity provider",
            Participant.Browser => "Browser",
            Participant.Vault => "Vault",
            Participant.ThirdParty => "Third party",
            _ => "Target",
        };

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public int X(Participant participant)
    {
        for (var i = 0; i < diagram.Participants.Count; i++)
        {
            if (diagram.Participants[i] == participant)
            {
                return Gutter + i * Column + Column / 2;
            }
        }
        return Gutter;
    }

    /// <summary>The line from one lifeline to the other.</summary>
    public string Arrow(FlowLeg leg) => string.Create(CultureInfo.InvariantCulture, $"M{X(leg.From)} 30H{X(leg.To)}");

    /// <summary>Its head, which stays whole where the line is dashed.</summary>
    public string Head(FlowLeg leg)
    {
        var from = X(leg.From);
        var to = X(leg.To);
        var direction = to > from ? 1 : -1;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"M{to - 9 * direction} 25.5l{8 * direction} 4.5l{-8 * direction} 4.5"
        );
    }

    /// <summary>The label, cut to the room that it has between the two lifelines.</summary>
    public string Label(FlowLeg leg)
    {
        var room = (int)((Math.Abs(X(leg.From) - X(leg.To)) - Before(leg) - 8) / 6.3);
        var label = SafeText.Clean(leg.Label);
        return label.Length <= room ? label : string.Concat(label.AsSpan(0, Math.Max(1, room - 1)).TrimEnd(), "…");
    }

    /// <summary>Where number and label begin: at the left end of the arrow, whichever way it points.</summary>
    public int Left(FlowLeg leg) => Math.Min(X(leg.From), X(leg.To));

    public int Right(FlowLeg leg) => Math.Max(X(leg.From), X(leg.To));

    public static int Before(FlowLeg leg) => leg.Step.Length == 0 ? 10 : 40;
}
