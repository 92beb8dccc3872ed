namespace Ark.Core.Placement;

/// <summary>Who stands where, and what is free. Mutable; every attempt begins with a board of its own.</summary>
internal sealed class PlacementBoard
{
    /// <summary>The owner of a machine that a component of another task has for itself.</summary>
    public const int Stranger = int.MaxValue;

    private readonly PlacementModel _model;
    private readonly MachineState[] _states;

    public PlacementBoard(PlacementModel model)
    {
        _model = model;
        _states = [.. model.Machines.Select(m => new MachineState(PlacementModel.Offer(m.Capacity), m.Others.Count + (m.Reserved ? 1 : 0), m.Reserved ? Stranger : -1))];
        On = [.. model.Machines.Select(_ => new List<int>())];
        Of = [.. model.Kinds.Select(_ => new List<(int, int)>())];
        Users = [.. Enumerable.Range(0, model.PortCount).Select(_ => new List<int>())];
        for (var m = 0; m < model.Machines.Length; m++)
        {
            foreach (var port in model.Taken[m])
                Users[port].Add(m);
        }
    }

    /// <summary>Per machine, the kinds of its instances.</summary>
    public List<int>[] On { get; }

    /// <summary>Per kind, its instances: number and machine.</summary>
    public List<(int Index, int Machine)>[] Of { get; }

    /// <summary>Per port, machines on which it is in use.</summary>
    public List<int>[] Users { get; }

    public ref readonly MachineState this[int machine] => ref _states[machine];

    public void Place(Kind kind, int index, int machine)
    {
        _states[machine].Take(kind);
        On[machine].Add(kind.Number);
        Of[kind.Number].Add((index, machine));
        foreach (var port in kind.Ports)
            Users[port].Add(machine);
    }

    /// <summary>Takes back the kind's last <see cref="Place"/>.</summary>
    public void Unplace(Kind kind)
    {
        var machine = Of[kind.Number][^1].Machine;
        Of[kind.Number].RemoveAt(Of[kind.Number].Count - 1);
        _states[machine].Give(kind);
        On[machine].RemoveAt(On[machine].LastIndexOf(kind.Number));
        foreach (var port in kind.Ports)
            Users[port].RemoveAt(Users[port].LastIndexOf(machine));
    }

    /// <summary>All rules but the labels, for one machine.</summary>
    public bool CanHold(Kind kind, int machine)
    {
        if (!_states[machine].HasRoom(kind.Needs) || !_states[machine].MayJoin(kind) || Array.BinarySearch(kind.ApartFromOthers, machine) >= 0)
            return false;
        foreach (var other in On[machine])
        {
            if (other == kind.Number ? kind.OnePerMachine : Array.IndexOf(kind.Apart, other) >= 0)
                return false;
        }

        foreach (var port in kind.Ports)
        {
            if (Users[port].Contains(machine))
                return false;
        }

        return true;
    }

    public double Balance()
    {
        double sum = 0, highest = 0;
        var machines = 0;
        for (var m = 0; m < _states.Length; m++)
        {
            if (_model.Machines[m].Drained)
                continue;
            var load = _states[m].LoadWith(default);
            sum += load;
            highest = Math.Max(highest, load);
            machines++;
        }

        return sum > 0 ? highest * machines / sum : 1;
    }
}
