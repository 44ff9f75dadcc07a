import Slipway
import SlipwayStacks

await Slipway.main(stacks: AllStacks.all, kinds: AllKinds.all)
