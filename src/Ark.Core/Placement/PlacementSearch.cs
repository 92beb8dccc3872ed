namespace Ark.Core.Placement;

/// <summary>
/// Complete search for small sites: of the kind with the fewest machines to spare, an instance is put on its best machine; if that leads nowhere, the
/// machine is barred to the kind and the search goes on. So no two arrangements that differ only in numbers of instances are looked at.
/// Ends without an answer after <see cref="Steps"/>.
/// </summary>
internal sealed class PlacementSearch
{
    /// <summary>Looks at a machine for a kind, in all; some tenths of a second.</summary>
    private const int Steps = 4_000_000;

    /// <summary>Instances to place above which not even a beginning is made: the search could only run into its bound.</summary>
    private const int MostInstances = 400;

    private readonly PlacementModel _model;
    private readonly PlacementBoard _board;
    private readonly Kind[] _kinds;
    private readonly int[] _placed;
    private readonly HashSet<int>[] _barred;
    private int _steps;

    private PlacementSearch(PlacementModel model, PlacementBoard board, Kind[] kinds)
    {
        (_model, _board, _kinds) = (model, board, kinds);
        _placed = new int[kinds.Length];
        _barred = [.. kinds.Select(_ => new HashSet<int>())];
    }

    /// <summary>An attempt in which only <paramref name="impossible"/> kinds are missing, or null.</summary>
    public static PlacementAttempt? Find(PlacementModel model, HashSet<int> impossible)
    {
        var kinds = model.Kinds.Where(k => k.Wanted.Count > 0 && !impossible.Contains(k.Number)).ToArray();
        if (kinds.Sum(k => k.Wanted.Count) > MostInstances)
            return null;
        var (board, missing) = PlacementAttempt.Begin(model);
        var search = new PlacementSearch(model, board, kinds);
        if (!search.Go())
            return null;
        missing.AddRange(model.Kinds.Where(k => impossible.Contains(k.Number)).SelectMany(k => k.Wanted.Select(i => (k.Number, i))));
        return new(board, [.. missing.Order()]);
    }

    private bool Go()
    {
        if (!Tightest(out var tightest, out var machines))
            return false;
        if (tightest < 0)
            return true;
        var kind = _kinds[tightest];
        foreach (var machine in machines.OrderBy(m => Preference(kind, m)).ThenBy(m => m))
        {
            _board.Place(kind, kind.Wanted[_placed[tightest]++], machine);
            if (Go())
                return true;
            _board.Unplace(kind);
            _placed[tightest]--;
            if (_steps > Steps)
                break;
            _barred[tightest].Add(machine);
            if (Places(kind, tightest) < kind.Wanted.Count - _placed[tightest])
                break;
        }

        _barred[tightest].ExceptWith(machines);
        return false;
    }

    /// <summary>The unfinished kind with the fewest places beyond its need, -1 if all are done; false where one cannot be finished.</summary>
    private bool Tightest(out int tightest, out List<int> machines)
    {
        (tightest, machines) = (-1, []);
        var least = long.MaxValue;
        for (var k = 0; k < _kinds.Length; k++)
        {
            var left = _kinds[k].Wanted.Count - _placed[k];
            if (left == 0)
                continue;
            var able = Able(_kinds[k], k);
            if (able.Count == 0 || (_kinds[k].OnePerMachine && able.Count < left) || _steps > Steps)
                return false;
            if (able.Count - left < least)
                (tightest, machines, least) = (k, able, able.Count - left);
        }

        return true;
    }

    private int Places(Kind kind, int number) => Able(kind, number).Count is var able && (kind.OnePerMachine || able == 0) ? able : int.MaxValue;

    private List<int> Able(Kind kind, int number)
    {
        List<int> able = [];
        foreach (var room in kind.Candidates)
        {
            _steps += room.Length;
            foreach (var machine in room)
            {
                if (!_barred[number].Contains(machine) && _board.CanHold(kind, machine))
                    able.Add(machine);
            }
        }

        return able;
    }

    private double Preference(Kind kind, int machine)
    {
        var room = _model.RoomOf[machine];
        var (inRoom, here) = (0, 0);
        foreach (var (_, other) in _board.Of[kind.Number])
        {
            inRoom += _model.RoomOf[other] == room ? 1 : 0;
            here += other == machine ? 1 : 0;
        }

        return (8.0 * inRoom) + (2 * here) + _board[machine].LoadWith(kind.Needs);
    }
}
